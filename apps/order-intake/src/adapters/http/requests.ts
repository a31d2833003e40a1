import { CurrencyCode, Id, Instant } from '@instep/contracts';
import { Type } from 'typebox';
import type { Static } from 'typebox';

const closed = { additionalProperties: false };

const Amount = Type.String({ pattern: '^\\d{1,20}(\\.\\d{1,10})?$', description: 'exact decimal, not below zero' });
const SignedAmount = Type.String({ pattern: '^-?\\d{1,20}(\\.\\d{1,10})?$', description: 'exact decimal' });
const Quantity = Type.String({ pattern: '^(?=.*[1-9])\\d{1,20}(\\.\\d{1,10})?$', description: 'exact decimal above zero' });
const Words = Type.String({ maxLength: 500 });
const Charge = Type.Object({ net: Amount, tax: Type.Optional(Amount) }, closed);

const Line = Type.Object(
  {
    lineId: Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: 'its number from 1 on when left out' })),
    item: Type.Optional(Id),
    title: Type.Optional(Words),
    quantity: Quantity,
    unitPrice: Amount,
    discount: Type.Optional(Type.String({ pattern: '^\\d{1,20}(\\.\\d{1,10})?$', description: 'for the whole quantity' })),
    tax: Type.Optional(Type.String({ pattern: '^\\d{1,20}(\\.\\d{1,10})?$', description: 'for the whole quantity' })),
    shippable: Type.Optional(Type.Boolean()),
    giftCard: Type.Optional(Type.Boolean()),
  },
  closed,
);

const Address = Type.Object(
  {
    name: Type.Optional(Words),
    company: Type.Optional(Words),
    street: Type.Optional(Words),
    street2: Type.Optional(Words),
    city: Type.Optional(Words),
    zip: Type.Optional(Words),
    province: Type.Optional(Words),
    country: Type.Optional(Words),
    phone: Type.Optional(Words),
  },
  closed,
);

export const PlaceOrder = Type.Object(
  {
    number: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    placedAt: Type.Optional(Instant),
    test: Type.Optional(Type.Boolean()),
    currency: CurrencyCode,
    taxesIncluded: Type.Optional(Type.Boolean()),
    lines: Type.Array(Line, { minItems: 1, maxItems: 10_000 }),
    shipping: Type.Optional(Charge),
    tip: Type.Optional(Amount),
    paid: Type.Optional(Amount),
    customer: Type.Optional(
      Type.Object(
        {
          name: Type.Optional(Words),
          email: Type.Optional(Type.String({ maxLength: 320 })),
          phone: Type.Optional(Type.String({ maxLength: 50 })),
          billing: Type.Optional(Address),
          shipping: Type.Optional(Address),
        },
        closed,
      ),
    ),
    staffId: Type.Optional(Id),
    locationId: Type.Optional(Id),
  },
  closed,
);
export type PlaceOrder = Static<typeof PlaceOrder>;

export const PayOrder = Type.Object({ amount: SignedAmount }, closed);
export type PayOrder = Static<typeof PayOrder>;

export const CancelOrder = Type.Object({ reason: Type.Optional(Words) }, closed);
export type CancelOrder = Static<typeof CancelOrder>;

export const ShipOrder = Type.Object(
  {
    lines: Type.Optional(Type.Array(Type.Object({ lineId: Id, quantity: Quantity }, closed), { minItems: 1 })),
    locationId: Type.Optional(Id),
    tracking: Type.Optional(
      Type.Object(
        { company: Type.Optional(Words), numbers: Type.Optional(Type.Array(Words)), urls: Type.Optional(Type.Array(Words)) },
        closed,
      ),
    ),
  },
  closed,
);
export type ShipOrder = Static<typeof ShipOrder>;

export const RefundOrder = Type.Object(
  {
    lines: Type.Optional(
      Type.Array(
        Type.Object(
          {
            lineId: Id,
            quantity: Quantity,
            restock: Type.Union([Type.Literal('none'), Type.Literal('cancel'), Type.Literal('return')]),
            locationId: Type.Optional(Id),
            net: Amount,
            tax: Type.Optional(Amount),
          },
          closed,
        ),
      ),
    ),
    shipping: Type.Optional(Charge),
    adjustment: Type.Optional(Type.Object({ net: SignedAmount, tax: Type.Optional(SignedAmount) }, closed)),
    money: Amount,
  },
  closed,
);
export type RefundOrder = Static<typeof RefundOrder>;

export const ReleaseOrder = Type.Object(
  {
    assignments: Type.Optional(Type.Array(Type.Object({ lineId: Id, item: Id }, closed))),
    accept: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 100, description: 'code of a hold reason that is all right as it is' })),
    ),
  },
  closed,
);
export type ReleaseOrder = Static<typeof ReleaseOrder>;

export const FindOrders = Type.Object(
  {
    channel: Type.Optional(Id),
    channelOrderId: Type.Optional(Id),
    status: Type.Optional(
      Type.Union([
        Type.Literal('held'),
        Type.Literal('placed'),
        Type.Literal('backordered'),
        Type.Literal('confirmed'),
        Type.Literal('completed'),
        Type.Literal('cancelled'),
      ]),
    ),
  },
  closed,
);
export type FindOrders = Static<typeof FindOrders>;
