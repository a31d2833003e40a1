import { minorUnits, parseDecimal } from '@instep/values';
import { fixed } from '@instep/values';
import { Type } from 'typebox';
import type { Static } from 'typebox';

import type { FoundCustomer, OrderOfCustomer, Spend } from '../postgres/customers.query.ts';

const Line = Type.String({ minLength: 1, maxLength: 500 });
const PostalAddress = Type.Object(
  {
    name: Type.Optional(Line),
    company: Type.Optional(Line),
    street: Type.Optional(Line),
    street2: Type.Optional(Line),
    city: Type.Optional(Line),
    zip: Type.Optional(Line),
    province: Type.Optional(Line),
    country: Type.Optional(Line),
    phone: Type.Optional(Line),
  },
  { additionalProperties: false },
);

export const RegisterCustomer = Type.Object(
  {
    name: Type.Optional(Line),
    email: Type.Optional(Type.String({ maxLength: 320 })),
    phone: Type.Optional(Type.String({ maxLength: 50 })),
    billing: Type.Optional(PostalAddress),
    shipping: Type.Optional(PostalAddress),
    tags: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 255 }), { maxItems: 250 })),
  },
  { additionalProperties: false },
);
export type RegisterCustomer = Static<typeof RegisterCustomer>;

export const FindCustomers = Type.Object(
  { email: Type.Optional(Type.String({ maxLength: 320 })), phone: Type.Optional(Type.String({ maxLength: 50 })) },
  { additionalProperties: false },
);
export type FindCustomers = Static<typeof FindCustomers>;

/** A postal address as contracts spell it: what is not known is null. */
export function addressOf(address: Static<typeof PostalAddress>) {
  const {
    name = null,
    company = null,
    street = null,
    street2 = null,
    city = null,
    zip = null,
    province = null,
    country = null,
    phone = null,
  } = address;
  return { name, company, street, street2, city, zip, province, country, phone };
}

export function customerBody({ customerId, personal, tags, channelCustomers }: FoundCustomer) {
  return {
    customerId,
    personal: personal === null ? null : (JSON.parse(personal) as unknown),
    tags: JSON.parse(tags) as unknown,
    channelCustomers: JSON.parse(channelCustomers) as unknown,
  };
}

export function spendBody({ currency, orders, received, refunded, spend }: Spend) {
  return { currency, orders, received: spelt(received, currency), refunded: spelt(refunded, currency), spend: spelt(spend, currency) };
}

export function orderBody(order: OrderOfCustomer) {
  const { currency, total, received, refunded } = order;
  return { ...order, total: spelt(total, currency), received: spelt(received, currency), refunded: spelt(refunded, currency) };
}

function spelt(amount: string, currency: string): string {
  const exact = parseDecimal(amount);
  return exact === undefined ? amount : fixed(exact, minorUnits(currency));
}
