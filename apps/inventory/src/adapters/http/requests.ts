import { Type } from 'typebox';
import type { Static } from 'typebox';

const closed = { additionalProperties: false };
const name = Type.String({ minLength: 1, maxLength: 255 });
const amount = Type.String({ pattern: '^\\d{1,12}(\\.\\d{1,6})?$', description: 'exact decimal, not negative' });
const change = Type.String({ pattern: '^-?\\d{1,12}(\\.\\d{1,6})?$', description: 'exact decimal with its sign' });

export const RegisterItem = Type.Object(
  {
    item: name,
    title: Type.String({ minLength: 1, maxLength: 1000 }),
    unit: Type.Optional(name),
    sku: Type.Optional(name),
    /** `<channel>:<inventory item id>`. */
    channelItems: Type.Optional(Type.Array(name, { maxItems: 100 })),
  },
  closed,
);
export type RegisterItem = Static<typeof RegisterItem>;

export const ReceiveStock = Type.Object(
  {
    item: name,
    location: Type.Optional(name),
    quantity: amount,
    unitCost: amount,
    currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$' })),
    reference: Type.Optional(Type.String({ maxLength: 1000 })),
  },
  closed,
);
export type ReceiveStock = Static<typeof ReceiveStock>;

export const AdjustStock = Type.Object(
  { item: name, location: Type.Optional(name), quantity: change, reason: Type.String({ minLength: 1, maxLength: 1000 }) },
  closed,
);
export type AdjustStock = Static<typeof AdjustStock>;

export const FindStock = Type.Object({ item: Type.Optional(name), location: Type.Optional(name) }, closed);
export type FindStock = Static<typeof FindStock>;

export const FindItems = Type.Object({ sku: Type.Optional(name) }, closed);
export type FindItems = Static<typeof FindItems>;
