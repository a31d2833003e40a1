import type { LogRecord } from '@instep/event-log';

import { LedgerLatency } from './ledger-latency.ts';
import { OrderProgress } from './order-progress.ts';

/** What the log says since it is listened to. */
export class LogFacts {
  static readonly topics = ['orders', 'finance', 'customers'] as const;

  readonly progress = new OrderProgress();
  readonly latency = new LedgerLatency();
  /** Registered, less those who turned out to be one with another. */
  newCustomers = 0;
  /** That something was booked for. */
  newestOrder: string | undefined;

  /** `now` in the milliseconds that `latency` is told in. */
  note({ topic, key, type, value }: Pick<LogRecord, 'topic' | 'key' | 'type' | 'value'>, now: number): void {
    if (type === 'customer.registered') this.newCustomers += 1;
    else if (type === 'customer.merged') this.newCustomers -= 1;
    else if (type === 'journal.posted') this.#booked(value, now);
    else if (topic === 'orders' && type !== undefined)
      this.progress.note(key.slice(key.indexOf('/') + 1), type, type === 'order.placed' && isOnHold(value));
  }

  #booked(value: Buffer, now: number): void {
    const { orderId } = dataOf<{ readonly orderId: string | null }>(value);
    if (orderId === null) return;
    this.progress.note(orderId, 'journal.posted');
    this.latency.booked(orderId, now);
    this.newestOrder = orderId;
  }
}

function isOnHold(value: Buffer): boolean {
  return dataOf<{ readonly hold: unknown }>(value).hold !== null;
}

function dataOf<Data>(value: Buffer): Data {
  return (JSON.parse(value.toString()) as { readonly data: Data }).data;
}
