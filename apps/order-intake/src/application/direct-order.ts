import { createHash } from 'node:crypto';

import type { Address, OrderHead } from '@instep/contracts';
import { contactOf } from '@instep/contracts';
import type { Decimal } from '@instep/values';
import { decimal, zero } from '@instep/values';

import { noAmounts } from '../domain/order/amounts.ts';
import type { ExactCharge, PricedLine } from '../domain/order/content.ts';
import { contentOf, noCharge } from '../domain/order/content.ts';
import { directChannel } from '../domain/order/refusals.ts';
import type { Snapshot } from '../domain/order/snapshot.ts';

export interface DirectOrder {
  readonly number?: string;
  readonly placedAt?: string;
  readonly test?: boolean;
  readonly currency: string;
  readonly taxesIncluded?: boolean;
  readonly lines: readonly {
    readonly lineId?: string;
    readonly item?: string;
    readonly title?: string;
    readonly quantity: string;
    readonly unitPrice: string;
    readonly discount?: string;
    readonly tax?: string;
    readonly shippable?: boolean;
    readonly giftCard?: boolean;
  }[];
  readonly shipping?: { readonly net: string; readonly tax?: string };
  readonly tip?: string;
  readonly paid?: string;
  readonly customer?: {
    readonly name?: string;
    readonly email?: string;
    readonly phone?: string;
    readonly billing?: Partial<Record<keyof Address, string>>;
    readonly shipping?: Partial<Record<keyof Address, string>>;
  };
  readonly staffId?: string;
  readonly locationId?: string;
}

/** An id that is the same for the same request, so that sending it again finds what the first one made. */
export function idOfRequest(tenant: string, idempotencyKey: string): string {
  return createHash('sha256').update(`${tenant}\0${idempotencyKey}`).digest('base64url').slice(0, 22);
}

/** What is ordered directly, as if a channel had said it. */
export function directOrder(
  tenant: string,
  id: string,
  asked: DirectOrder,
  now: string,
): { readonly orderId: string } & Omit<Snapshot, 'stamp'> {
  return {
    orderId: `${directChannel}:${id}`,
    channel: directChannel,
    channelOrderId: null,
    head: headOf(tenant, id, asked, now),
    content: contentOf({
      lines: asked.lines.map((line, index) => lineOf(line, index)),
      taxesIncluded: asked.taxesIncluded ?? false,
      shipping: asked.shipping === undefined ? [] : [chargeOf(asked.shipping)],
      channelTax: noAmounts,
      duties: noCharge,
      fees: noCharge,
      tip: { shop: amount(asked.tip) },
      rounding: noAmounts,
    }),
    received: amount(asked.paid),
  };
}

function headOf(
  tenant: string,
  id: string,
  { number, placedAt, test, currency, customer, staffId, locationId }: DirectOrder,
  now: string,
): OrderHead {
  return {
    number: number ?? id,
    placedAt: placedAt ?? now,
    test: test ?? false,
    currencies: { shop: currency, presentment: currency },
    customer: customer === undefined ? null : contactOf(tenant, customer),
    staffId: staffId ?? null,
    locationId: locationId ?? null,
    personal: customer === undefined ? null : personalOf(customer),
  };
}

function personalOf({ name, email, phone, billing, shipping }: NonNullable<DirectOrder['customer']>): OrderHead['personal'] {
  return {
    name: name ?? null,
    email: email ?? null,
    phone: phone ?? null,
    ...(billing === undefined ? {} : { billing: addressOf(billing) }),
    ...(shipping === undefined ? {} : { shipping: addressOf(shipping) }),
  };
}

function addressOf(address: Partial<Record<keyof Address, string>>): Address {
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

function lineOf(line: DirectOrder['lines'][number], index: number): PricedLine {
  return {
    lineId: line.lineId ?? String(index + 1),
    item: line.item ?? null,
    title: line.title ?? line.item ?? '',
    quantity: decimal(line.quantity),
    unitPrice: { shop: decimal(line.unitPrice) },
    discount: { shop: amount(line.discount) },
    tax: { shop: amount(line.tax) },
    channelTax: noAmounts,
    shippable: line.shippable ?? true,
    giftCard: line.giftCard ?? false,
  };
}

export function chargeOf({ net, tax }: { readonly net: string; readonly tax?: string }): ExactCharge {
  return { net: { shop: decimal(net) }, tax: { shop: amount(tax) } };
}

function amount(text: string | undefined): Decimal {
  return text === undefined ? zero : decimal(text);
}
