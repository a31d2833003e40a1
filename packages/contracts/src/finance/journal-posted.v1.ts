import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { CurrencyCode, DecimalText, Id, Nullable, Text } from '../fragments.ts';

export const journalPostedV1 = defineEvent({
  name: 'journal.posted',
  version: 1,
  topic: 'finance',
  stream: 'account-document',
  meaning: 'An entry of the ledger: debits equal credits. The event that caused it is the event’s causation.',
  data: Type.Object(
    {
      journalId: Id,
      kind: Type.Union([
        Type.Literal('payment'),
        Type.Literal('shipment'),
        Type.Literal('refund'),
        Type.Literal('cancellation'),
        Type.Literal('amendment'),
        Type.Literal('cost-of-goods'),
        Type.Literal('goods-receipt'),
        Type.Literal('stock-adjustment'),
        Type.Literal('payroll'),
      ]),
      orderId: Nullable(Id),
      currency: CurrencyCode,
      /** Debits positive, credits negative; they add up to zero. */
      lines: Type.Array(Type.Object({ account: Id, amount: DecimalText }, { additionalProperties: false })),
      memo: Text,
    },
    { additionalProperties: false },
  ),
});
