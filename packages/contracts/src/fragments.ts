import { Type } from 'typebox';
import type { Static, TSchema } from 'typebox';

/** An exact decimal number as text. Never a JSON number. */
export const DecimalText = Type.String({ pattern: '^-?\\d{1,40}(\\.\\d{1,20})?$', description: 'exact decimal' });

/** A time in UTC, ISO 8601 with `Z`. */
export const Instant = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z$', description: 'UTC, ISO 8601' });

export const CurrencyCode = Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217' });

export const Id = Type.String({ minLength: 1, maxLength: 255 });

export const Text = Type.String({ maxLength: 10_000 });

export function Nullable<Schema extends TSchema>(schema: Schema) {
  return Type.Union([schema, Type.Null()]);
}

/** One amount in both currencies of an order. `presentment` is left out when the buyer saw the shop's own currency. */
export const Amounts = Type.Object({ shop: DecimalText, presentment: Type.Optional(DecimalText) }, { additionalProperties: false });
export type Amounts = Static<typeof Amounts>;

export const Currencies = Type.Object({ shop: CurrencyCode, presentment: CurrencyCode }, { additionalProperties: false });
export type Currencies = Static<typeof Currencies>;

/** A charge apart from the goods, without tax, and its tax. */
export const Charge = Type.Object({ net: Amounts, tax: Amounts }, { additionalProperties: false });
export type Charge = Static<typeof Charge>;

/**
 * Pseudonyms under which a person can be found again: hashes of the normalised e-mail and phone.
 * `subject` is the name under which personal data is sealed.
 */
export const Contact = Type.Object(
  { subject: Id, email: Nullable(Id), phone: Nullable(Id), channelCustomerId: Nullable(Id) },
  { additionalProperties: false },
);
export type Contact = Static<typeof Contact>;

export const Address = Type.Object(
  {
    name: Nullable(Text),
    company: Nullable(Text),
    street: Nullable(Text),
    street2: Nullable(Text),
    city: Nullable(Text),
    zip: Nullable(Text),
    province: Nullable(Text),
    country: Nullable(Text),
    phone: Nullable(Text),
  },
  { additionalProperties: false },
);
export type Address = Static<typeof Address>;

/** All that names or reaches a person. Always in a sub-object of its own, so that it can be sealed and forgotten. */
export const Personal = Type.Object(
  {
    name: Nullable(Text),
    email: Nullable(Text),
    phone: Nullable(Text),
    billing: Type.Optional(Nullable(Address)),
    shipping: Type.Optional(Nullable(Address)),
    note: Type.Optional(Nullable(Text)),
  },
  { additionalProperties: false },
);
export type Personal = Static<typeof Personal>;
