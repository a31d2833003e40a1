import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { Id } from '../fragments.ts';
import type { ServiceName } from '../service.ts';
import type { TopicName } from '../topic.ts';

/**
 * Written by a service's runtime, not by its domain: how far it had read when its input produced no event for a while.
 * With the cause positions on its other events, a rebuild knows from them where the service stood.
 */
export function positionAdvanced<const Service extends ServiceName>(service: Service, topic: TopicName) {
  return defineEvent({
    name: `${service}.position-advanced`,
    version: 1,
    topic,
    stream: 'position',
    meaning: `How far ${service} had read in the topics that it consumes, at times when reading produced nothing else.`,
    data: Type.Object(
      {
        positions: Type.Array(
          Type.Object(
            { topic: Id, partition: Type.Integer({ minimum: 0 }), nextOffset: Type.Integer({ minimum: 0 }) },
            { additionalProperties: false },
          ),
        ),
      },
      { additionalProperties: false },
    ),
  });
}
