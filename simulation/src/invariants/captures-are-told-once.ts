import type { EventData } from '@instep/contracts';
import type { Decimal } from '@instep/values';
import { add, decimal, zero } from '@instep/values';

import type { Invariant } from '../evidence.ts';
import { isParked, parkedKeys } from './database.ts';
import { seenEvents } from './seen-log.ts';
import { shopFigures } from './shop-figures.ts';

export const capturesAreToldOnce: Invariant = {
  id: 'INV-5',
  promise: 'Every capture is told once: what order-intake announced as paid adds up to what the shop received.',
  async check(evidence) {
    const told = new Map<string, Decimal>();
    const last = new Map<string, string>();
    const faults: string[] = [];
    for (const { type, subject, data } of seenEvents(evidence, 'orders')) {
      if (type !== 'order.paid') continue;
      const { amount, received } = data as EventData<'order.paid'>;
      told.set(subject, add(told.get(subject) ?? zero, decimal(amount)));
      if (last.get(subject) === received) faults.push(`order ${subject}: that ${received} is received was told twice in a row`);
      last.set(subject, received);
    }
    const parked = await parkedKeys(evidence);
    for (const order of evidence.orders) {
      const { received } = shopFigures(order);
      const sum = told.get(order.orderId) ?? zero;
      if (order.complete && sum !== received && !isParked(parked, order.orderId))
        faults.push(`order ${order.orderId}: ${sum} told as paid, the shop received ${received}`);
    }
    return faults;
  },
};
