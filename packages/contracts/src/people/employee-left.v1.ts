import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { Id, Instant } from '../fragments.ts';

export const employeeLeftV1 = defineEvent({
  name: 'employee.left',
  version: 1,
  topic: 'people',
  stream: 'employee',
  meaning: 'A person no longer works here.',
  data: Type.Object(
    {
      employeeId: Id,
      leftAt: Instant,
    },
    { additionalProperties: false },
  ),
});
