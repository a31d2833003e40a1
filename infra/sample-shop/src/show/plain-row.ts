import type { Snapshot } from './snapshot.ts';
import { duration, grouped, right, span } from './text.ts';

type Column = { readonly name: string; readonly columns: number; value(shot: Snapshot): string };

const unknown = '–';

const shownColumns: readonly Column[] = [
  { name: 'time', columns: 8, value: ({ clock }) => clock },
  count('received', 9, ({ webhooks }) => webhooks.orders),
  count('placed', 8, ({ orders }) => orders.placed),
  count('reserved', 9, ({ orders }) => orders.confirmed),
  count('short', 7, ({ orders }) => orders.short),
  count('held', 6, ({ orders }) => orders.held),
  count('shipped', 8, ({ orders }) => orders.shipped),
  count('cancelled', 10, ({ orders }) => orders.cancelled),
  count('booked', 8, ({ orders }) => orders.booked),
  count('customers', 10, ({ customers }) => customers?.count),
  count('on hand', 9, ({ stock }) => stock?.onHand),
  count('set aside', 10, ({ stock }) => stock?.reserved),
  { name: 'balance', columns: 9, value: ({ books }) => (books ? grouped(books[0]?.total ?? '0.00') : unknown) },
  count('behind', 7, ({ services }) => services.reduce((all, { figures }) => all + (figures?.behind ?? 0), 0)),
  { name: 'lag', columns: 7, value: (shot) => `${lagSeconds(shot).toFixed(1)} s` },
  { name: 'p50', columns: 8, value: ({ latency }) => (latency ? duration(latency.p50Ms) : unknown) },
  { name: 'p99', columns: 8, value: ({ latency }) => (latency ? duration(latency.p99Ms) : unknown) },
  count('parked', 7, ({ services }) => services.reduce((all, { figures }) => all + (figures?.parked ?? 0), 0)),
];

/** Names over the columns of `plainRow`. */
export function plainHeading(): string {
  return shownColumns.map(({ name, columns }) => right(name, columns)).join('');
}

/** The figures in one line, and a line for everybody who is away. */
export function plainRows(shot: Snapshot): readonly string[] {
  const away = shot.services.flatMap(({ name, awayMs }) => (awayMs === undefined ? [] : [`         ${name} is away for ${span(awayMs)}`]));
  return [shownColumns.map(({ columns, value }) => right(value(shot), columns)).join(''), ...away];
}

function count(name: string, columns: number, of: (shot: Snapshot) => number | undefined): Column {
  return {
    name,
    columns,
    value: (shot) => {
      const value = of(shot);
      return value === undefined ? unknown : grouped(value);
    },
  };
}

function lagSeconds({ services }: Snapshot): number {
  return Math.max(0, ...services.map(({ figures }) => figures?.lagSeconds ?? 0));
}
