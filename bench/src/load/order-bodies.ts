import { shopifyOrder, type SampleOrder } from '@instep/testkit';

/** What the books, the stock and the payroll must show for so many orders. */
export interface Expected {
  readonly orders: number;
  /** Units ordered. */
  readonly units: number;
  /** Hundredths of the shop's currency that buyers paid. */
  readonly paid: number;
  readonly withStaff: number;
}

interface Template {
  /** The body cut at each place where the order's own digits stand. */
  readonly parts: readonly string[];
  readonly units: number;
  readonly paid: number;
  readonly staffed: boolean;
}

/** Ten digits, as every id made here has, so that a body is made by putting others in its place. */
const marker = '5999999999';
const firstId = 5_000_000_000;
const templateCount = 60;

export const items = Array.from({ length: 200 }, (_, at) => `ITEM-${String(at + 1).padStart(3, '0')}`);
/** Staff ids as the channel knows them. */
export const staff = [71, 72, 73, 74, 75];
export const channel = 'sample';

/**
 * Bodies of paid orders as Shopify sends them, about 7 KB each, with one to three lines and every fifth with a member of staff. Cheap:
 * a body is a template with the order's number put in. The same number gives the same body in every process.
 */
export class OrderBodies {
  readonly #templates = Array.from({ length: templateCount }, (_, at) => templateOf(at));

  body(number: number): string {
    return this.#template(number).parts.join(String(firstId + number));
  }

  /** What the first so many orders amount to. */
  expected(orders: number): Expected {
    const all = Array.from({ length: orders }, (_, number) => this.#template(number));
    const sum = (of: (template: Template) => number): number => all.reduce((total, template) => total + of(template), 0);
    return { orders, units: sum(({ units }) => units), paid: sum(({ paid }) => paid), withStaff: sum(({ staffed }) => Number(staffed)) };
  }

  #template(number: number): Template {
    const template = this.#templates[number % templateCount];
    if (!template) throw new RangeError(`orders are numbered from 0, not ${String(number)}`);
    return template;
  }
}

export function numberOf(orderId: string): number {
  return Number(orderId.slice(channel.length + 1)) - firstId;
}

function templateOf(at: number): Template {
  const staffed = at % 5 === 0;
  const lines = Array.from({ length: 1 + (at % 3) }, (_, line) => ({
    sku: items[(at * 37 + line * 71) % items.length] ?? null,
    price: `${String(5 + ((at * 7 + line * 3) % 60))}.${String(10 + ((at * 13) % 90))}`,
    quantity: 1 + ((at + line) % 2),
  }));
  const order = shopifyOrder({
    id: marker,
    number: Number(marker),
    placedAt: '2026-03-01T10:00:00Z',
    currency: 'USD',
    shipping: '4.90',
    lines,
    customer: { id: Number(marker), email: `buyer-${marker}@example.com`, firstName: 'Bea', lastName: 'Buyer' },
    ...(staffed ? { staffId: staff[(at / 5) % staff.length] ?? null } : {}),
  }).paid('2026-03-01T10:00:05Z');
  return {
    parts: order.body().split(marker),
    units: lines.reduce((sum, { quantity }) => sum + quantity, 0),
    paid: paidIn(order),
    staffed,
  };
}

function paidIn({ state }: SampleOrder): number {
  return state.received.shop;
}
