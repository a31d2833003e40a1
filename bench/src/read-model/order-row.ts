import type { CloudEvent } from '@instep/contracts';

/** What both ways keep of an order: the same columns, folded by the same rules from the same events. */
export type OrderRow = {
  readonly tenant: string;
  readonly orderId: string;
  readonly number: string;
  readonly currency: string;
  readonly total: string;
  readonly received: string;
  readonly status: string;
  /** Events of the order seen so far. */
  readonly events: number;
};

export type OrderEvent = Pick<CloudEvent, 'type' | 'tenant' | 'subject' | 'data'>;

interface Told {
  readonly number?: string;
  readonly currency?: string;
  readonly currencies?: { readonly shop: string };
  readonly content?: { readonly total: { readonly shop: string } };
  readonly received?: string;
}

const nothingYet = { number: '', currency: 'XXX', total: '0', received: '0', events: 0 };

/** The row after the event. */
export function folded(row: OrderRow | undefined, { type, tenant, subject, data }: OrderEvent): OrderRow {
  const told = data as Told;
  const before = row ?? nothingYet;
  return {
    tenant,
    orderId: subject,
    number: told.number ?? before.number,
    currency: told.currencies?.shop ?? told.currency ?? before.currency,
    total: told.content?.total.shop ?? before.total,
    received: told.received ?? before.received,
    status: type,
    events: before.events + 1,
  };
}
