import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { CurrencyCode, DecimalText, Id, Nullable, Text } from '../fragments.ts';

export const employeeChangedV1 = defineEvent({
  name: 'employee.changed',
  version: 1,
  topic: 'people',
  stream: 'employee',
  meaning: 'Terms or staff ids of an employee changed; everything is told as it stands now.',
  data: Type.Object(
    {
      employeeId: Id,
      staff: Type.Array(Id),
      salary: DecimalText,
      currency: CurrencyCode,
      commissionRate: DecimalText,
      personal: Nullable(Type.Object({ name: Text, email: Nullable(Text) }, { additionalProperties: false })),
    },
    { additionalProperties: false },
  ),
});
