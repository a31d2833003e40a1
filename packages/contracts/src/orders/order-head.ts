import { Type } from 'typebox';
import type { Static } from 'typebox';

import { Contact, Currencies, Id, Instant, Nullable, Personal, Text } from '../fragments.ts';

/** Who ordered, where and when: all of an order that is neither content nor money. */
export const OrderHead = Type.Object(
  {
    number: Text,
    placedAt: Instant,
    test: Type.Boolean(),
    currencies: Currencies,
    customer: Nullable(Contact),
    staffId: Nullable(Id),
    locationId: Nullable(Id),
    personal: Nullable(Personal),
  },
  { additionalProperties: false },
);
export type OrderHead = Static<typeof OrderHead>;
