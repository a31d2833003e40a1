import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { Id, Nullable, Text } from '../fragments.ts';
import type { ServiceName } from '../service.ts';

/** Copy of a record that a service could not apply, with its story. The record itself waits in the service's `parked_event`. */
export function deadLetter<const Service extends ServiceName>(service: Service) {
  return defineEvent({
    name: `${service}.dead-letter`,
    version: 1,
    topic: `dead-letters.${service}`,
    stream: 'parked-key',
    meaning: `A record that ${service} parked: where it lies, why, and its bytes.`,
    data: Type.Object(
      {
        topic: Id,
        partition: Type.Integer({ minimum: 0 }),
        offset: Type.Integer({ minimum: 0 }),
        key: Type.String(),
        type: Nullable(Type.String()),
        code: Id,
        reason: Text,
        value: Type.String({ contentEncoding: 'base64' }),
      },
      { additionalProperties: false },
    ),
  });
}

/** Written with what a parked record led to when it was redriven: a rebuild folds it then, and no longer parks it. */
export function redriven<const Service extends ServiceName>(service: Service) {
  return defineEvent({
    name: `${service}.redriven`,
    version: 1,
    topic: `dead-letters.${service}`,
    stream: 'parked-key',
    meaning: `A record that ${service} had parked was applied: where it lies, and its bytes as they were applied, since somebody may have mended them.`,
    data: Type.Object(
      {
        topic: Id,
        partition: Type.Integer({ minimum: 0 }),
        offset: Type.Integer({ minimum: 0 }),
        key: Type.String(),
        type: Nullable(Type.String()),
        value: Type.String({ contentEncoding: 'base64' }),
        /** Who put these bytes in the place of the parked ones, and why; absent when they are the parked ones. */
        note: Type.Optional(Text),
      },
      { additionalProperties: false },
    ),
  });
}
