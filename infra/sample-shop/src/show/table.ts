import { accountGroups, type AccountGroup } from '../watch/books.ts';
import type { Paint } from './paint.ts';
import type { ServiceState, Snapshot } from './snapshot.ts';
import { cut, duration, grouped, left, right, span, width } from './text.ts';

const blockColumns = 36;
const gap = '    ';
const unknown = '–';

/** The whole table for a screen so many columns wide; two blocks lie beside each other where there is room. */
export function table(shot: Snapshot, columns: number, paint: Paint): readonly string[] {
  const orders = orderBlock(shot, paint);
  const rest = [...booksBlock(shot, paint), '', ...latencyBlock(shot, paint)];
  const wide = columns >= 2 * blockColumns + gap.length;
  const lines = [
    title(shot, Math.min(columns, 2 * blockColumns + gap.length), paint),
    '',
    ...(wide ? sideBySide(orders, rest) : [...orders, '', ...rest]),
    '',
    ...serviceRows(shot, paint),
    ...footer(shot, paint),
  ];
  return lines.map((line) => cut(line.trimEnd(), columns));
}

function title({ openMs, seed }: Snapshot, columns: number, paint: Paint): string {
  const facts = `${span(openMs)}, seed ${seed}`;
  const name = 'Instep, with a sample shop';
  const space = columns - name.length - facts.length;
  return paint.bold(name) + (space > 1 ? ' '.repeat(space) + paint.dim(facts) : '');
}

function orderBlock(shot: Snapshot, paint: Paint): readonly string[] {
  const { orders, webhooks, customers, stock } = shot;
  const now = (count: number, what: string): string => (count === 0 ? '' : paint.warn(`${grouped(count)} ${what}`));
  const row = (label: string, count: number, more = ''): string => left(label, 12) + right(grouped(count), 9) + right(more, 15);
  const pieces = (label: string, count: number | undefined): string =>
    left(label, 12) + right(count === undefined ? unknown : grouped(count), 9);
  return [
    paint.dim('ORDERS since the shop opened'),
    row('received', webhooks.orders),
    row('placed', orders.placed),
    row('reserved', orders.confirmed),
    row('short', orders.short, now(orders.waiting, 'waiting')),
    row('held', orders.held, now(orders.onHold, 'on hold')),
    row('shipped', orders.shipped),
    row('cancelled', orders.cancelled),
    row('booked', orders.booked),
    left('customers', 12) + right(customers === undefined ? unknown : grouped(customers.count) + (customers.more ? '+' : ''), 9),
    `${pieces('stock', stock?.onHand)}  on hand`,
    `${pieces('', stock?.reserved)}  reserved`,
  ];
}

const groupNames: Readonly<Record<AccountGroup, string>> = {
  asset: 'assets',
  liability: 'liabilities',
  income: 'income',
  expense: 'expenses',
};

function booksBlock({ books }: Snapshot, paint: Paint): readonly string[] {
  const main = books?.[0];
  const row = (label: string, amount: string): string => left(label, 14) + right(amount, blockColumns - 14);
  const total = (amount: string): string => (/^-?0(\.0+)?$/.test(amount) ? paint.good(amount) : paint.bad(amount));
  return [
    paint.dim(row('TRIAL BALANCE', main?.currency ?? '')),
    ...accountGroups.map((group) => row(groupNames[group], main ? grouped(main.groups[group]) : unknown)),
    row('total', main ? total(grouped(main.total)) : unknown),
    ...(books ?? []).slice(1).map((other) => row(`total ${other.currency}`, total(grouped(other.total)))),
  ];
}

function latencyBlock({ latency, logRead }: Snapshot, paint: Paint): readonly string[] {
  const row = (label: string, value: string): string => left(label, 14) + right(value, blockColumns - 14);
  return [
    paint.dim('WEBHOOK TO LEDGER, last minute'),
    row('p50', latency ? duration(latency.p50Ms) : unknown),
    row('p99', latency ? duration(latency.p99Ms) : unknown),
    row('orders', latency ? grouped(latency.orders) : unknown),
    ...(logRead ? [] : [paint.bad('the log does not answer')]),
  ];
}

const serviceColumns = [13, 8, 9, 8, 8, 9] as const;

function serviceRows({ services }: Snapshot, paint: Paint): readonly string[] {
  const [name, ...others] = serviceColumns;
  const row = (label: string, cells: readonly string[]): string =>
    left(label, name) + cells.map((cell, index) => right(cell, others[index] ?? 0)).join('');
  return [
    paint.dim(`${row('SERVICE', ['behind', 'lag', 'unsent', 'parked', 'memory'])}  url`),
    ...services.map((service) => `${row(service.name, serviceCells(service, paint))}  ${service.url.replace(/^http:\/\//, '')}`),
  ];
}

function serviceCells({ figures, awayMs }: ServiceState, paint: Paint): readonly string[] {
  if (awayMs !== undefined || figures === undefined) {
    const room = serviceColumns.slice(1).reduce((all, columns) => all + columns, 0);
    return ['', '', '', '', right(paint.bad(awayMs === undefined ? 'not asked yet' : `away for ${span(awayMs)}`), room - 33)];
  }
  const { behind, lagSeconds, unsent, parked, troubles, memoryBytes } = figures;
  const alarm = (text: string, when: boolean): string => (when ? paint.warn(text) : text);
  return [
    alarm(grouped(behind), behind > 100),
    alarm(troubles > 0 ? 'stands' : `${lagSeconds.toFixed(1)} s`, troubles > 0 || lagSeconds > 5),
    grouped(unsent),
    parked > 0 ? paint.bad(grouped(parked)) : '0',
    `${Math.round(memoryBytes / 1_048_576)} MB`,
  ];
}

function footer({ newestOrder, webhooks, services }: Snapshot, paint: Paint): readonly string[] {
  const intake = services.find(({ name }) => name === 'order-intake')?.url;
  return [
    ...(webhooks.waiting > 0 ? [paint.warn(`${grouped(webhooks.waiting)} webhooks got no answer and are sent again`)] : []),
    ...(webhooks.refused > 0 ? [paint.bad(`${grouped(webhooks.refused)} webhooks were refused`)] : []),
    ...(newestOrder === undefined ? [] : [paint.dim(`newest order   ${intake ?? ''}/orders/${newestOrder}/history`)]),
  ];
}

function sideBySide(one: readonly string[], other: readonly string[]): readonly string[] {
  return Array.from({ length: Math.max(one.length, other.length) }, (_, index) => {
    const [start = '', end = ''] = [one[index], other[index]];
    return width(end) === 0 ? start : left(start, blockColumns) + gap + end;
  });
}
