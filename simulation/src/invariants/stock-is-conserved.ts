import type { Books } from '@instep/inventory/stock-account';
import { stockFaults } from '@instep/inventory/stock-account';
import { compare, decimal, isNegative } from '@instep/values';

import type { Evidence, Invariant, StepInvariant } from '../evidence.ts';
import { rowsOf, serviceOf } from './database.ts';
import { seenEvents } from './seen-log.ts';

type StockEvents = Parameters<typeof stockFaults>[0];

export const stockIsConserved: Invariant = {
  id: 'INV-3',
  promise:
    'Of every item at every location, received + adjusted - sold + returned is what is on hand, and what orders hold is what is set aside.',
  async check(evidence) {
    const events = seenEvents(evidence, 'inventory').filter(({ type }) => type.startsWith('stock.'));
    const own = events.map(({ type, data }) => ({ type, data })) as unknown as StockEvents;
    return [...stockFaults(own, booksOf(evidence)), ...shelfFaults(evidence)];
  },
};

export const stockIsNeverOversold: StepInvariant = {
  id: 'INV-3',
  promise: 'At no moment is more set aside than there is.',
  check: shelfFaults,
};

function booksOf(evidence: Evidence): Books {
  const streams = serviceOf(evidence, 'inventory').store.streams();
  const of = (name: string): ReadonlyMap<string, unknown> =>
    new Map(streams.filter(({ stream }) => stream === name).map(({ id, state }) => [id, state]));
  return { items: of('item'), reservations: of('reservation') } as Books;
}

function shelfFaults(evidence: Evidence): string[] {
  return rowsOf(evidence, 'inventory', 'stock_level').flatMap(({ item, location, onHand, reserved, available }) => {
    const at = `${String(item)} at ${String(location)}`;
    if (isNegative(decimal(String(available)))) return [`${at}: ${String(available)} available`];
    if (compare(decimal(String(onHand)), decimal(String(reserved))) < 0)
      return [`${at}: ${String(reserved)} reserved of ${String(onHand)}`];
    return [];
  });
}
