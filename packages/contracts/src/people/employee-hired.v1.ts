import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { CurrencyCode, DecimalText, Id, Instant, Nullable, Text } from '../fragments.ts';

export const employeeHiredV1 = defineEvent({
  name: 'employee.hired',
  version: 1,
  topic: 'people',
  stream: 'employee',
  meaning: 'A person works here now. `staff` are ids under which sales channels know the person, `<channel>:<staff id>`.',
  data: Type.Object(
    {
      employeeId: Id,
      subject: Id,
      hiredAt: Instant,
      staff: Type.Array(Id),
      /** Per month. */
      salary: DecimalText,
      currency: CurrencyCode,
      /** Part of the net value of goods sold, such as 0.05. */
      commissionRate: DecimalText,
      personal: Nullable(Type.Object({ name: Text, email: Nullable(Text) }, { additionalProperties: false })),
    },
    { additionalProperties: false },
  ),
});
