import type { EventData } from '@instep/contracts';
import type { Decimal } from '@instep/values';
import { add, decimal, isZero, subtract, sum, zero } from '@instep/values';

import type { Evidence, Invariant, StepInvariant } from '../evidence.ts';
import { isParked, parkedKeys, rowsByOrder, rowsOf, serviceOf } from './database.ts';
import { seenEvents } from './seen-log.ts';
import { shopFigures } from './shop-figures.ts';

const clearing = '1000';
const receivable = '1100';
const stock = '1200';
const deposits = '2000';

export const booksAreBalanced: Invariant = {
  id: 'INV-4',
  promise:
    'Every journal adds up to zero, so the trial balance does at every offset; the ledger says to the cent what was captured and refunded, and the stock account what the goods are worth.',
  async check(evidence) {
    const parked = await parkedKeys(evidence);
    return [...unbalancedEvents(evidence), ...unbalancedRows(evidence), ...moneyFaults(evidence, parked), ...stockValueFaults(evidence)];
  },
};

export const journalsAreBalanced: StepInvariant = {
  id: 'INV-4',
  promise: 'Every journal in the ledger adds up to zero.',
  check: unbalancedRows,
};

function unbalancedEvents(evidence: Evidence): string[] {
  return seenEvents(evidence, 'finance').flatMap(({ type, data }) => {
    if (type !== 'journal.posted') return [];
    const { journalId, lines } = data as EventData<'journal.posted'>;
    const off = sum(lines.map(({ amount }) => decimal(amount)));
    return isZero(off) ? [] : [`journal ${journalId} is off by ${off}`];
  });
}

function unbalancedRows(evidence: Evidence): string[] {
  const totals = new Map<string, Decimal>();
  for (const { journalId, amount } of rowsOf(evidence, 'finance', 'journal_line')) {
    totals.set(String(journalId), add(totals.get(String(journalId)) ?? zero, decimal(String(amount))));
  }
  return [...totals].flatMap(([journalId, off]) => (isZero(off) ? [] : [`the lines of journal ${journalId} are off by ${off}`]));
}

/** Against the shop's own figures. */
function moneyFaults(evidence: Evidence, parked: ReadonlySet<string>): string[] {
  const balances = balancesByOrder(evidence);
  const facts = rowsByOrder(evidence, 'finance', 'order_facts');
  return evidence.orders.flatMap((order) => {
    const { orderId, complete, acknowledged } = order;
    if (!complete || !facts.has(orderId) || acknowledged.state.settings.test === true || acknowledged.state.settings.channelLiable === true)
      return [];
    const of = (account: string): Decimal => balances.get(`${orderId} ${account}`) ?? zero;
    if (isParked(parked, orderId)) return [];
    const { kept, received, refunded, left, cancelled, anyShipped } = shopFigures(order);
    const faults: string[] = [];
    if (of(clearing) !== kept)
      faults.push(`order ${orderId}: ${of(clearing)} at clearing, the shop captured ${received} and gave back ${refunded}`);
    const done = !cancelled && left === 0 && anyShipped && acknowledged.state.refunds.length === 0;
    if (done && received === kept && of(deposits) !== zero && of(receivable) !== zero)
      faults.push(`order ${orderId}: shipped and paid, yet ${of(deposits)} of deposits and ${of(receivable)} receivable`);
    return faults;
  });
}

function balancesByOrder(evidence: Evidence): ReadonlyMap<string, Decimal> {
  const balances = new Map<string, Decimal>();
  for (const { orderId, account, amount } of rowsOf(evidence, 'finance', 'journal_line')) {
    const name = `${String(orderId)} ${String(account)}`;
    balances.set(name, add(balances.get(name) ?? zero, decimal(String(amount))));
  }
  return balances;
}

function stockValueFaults(evidence: Evidence): string[] {
  const booked = sum(
    rowsOf(evidence, 'finance', 'journal_line')
      .filter(({ account }) => account === stock)
      .map(({ amount }) => decimal(String(amount))),
  );
  const worth = sum(
    serviceOf(evidence, 'inventory')
      .store.streams()
      .filter(({ stream }) => stream === 'item')
      .map(({ state }) => decimal((state as { readonly value: string }).value)),
  );
  return booked === worth ? [] : [`the stock account says ${booked}, the goods are worth ${worth} (${subtract(booked, worth)} too much)`];
}
