import { failings } from '../check/verdict.ts';
import type { FaultRow } from './run-fault.ts';

const columns = [
  'fault',
  'acknowledged',
  'lost',
  'absorbed',
  'doubled',
  'oversold',
  'unbalanced',
  're-ordered',
  'stuck',
  'p99 before',
  'during',
  'after',
  'first success',
  'lag zero',
  'notes',
] as const;

const lefts: ReadonlySet<(typeof columns)[number]> = new Set(['fault', 'notes']);

/** Aligned, one line per fault; times with their units. */
export function tableOf(rows: readonly FaultRow[]): string {
  const cells = [[...columns], ...rows.map(cellsOf)];
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => (lefts.has(columns[at] ?? 'fault') ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  const [head = [], ...body] = cells;
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...body.map(line)].join('\n');
}

function cellsOf({ fault, acknowledged, absorbed, outcome, timing, notes }: FaultRow): string[] {
  return [
    fault.title,
    String(acknowledged),
    String(outcome.lost),
    String(absorbed),
    String(outcome.doubled),
    String(outcome.oversold),
    String(outcome.unbalanced),
    String(outcome.reordered),
    String(outcome.stuck),
    milliseconds(timing?.p99Before),
    milliseconds(timing?.p99During),
    milliseconds(timing?.p99After),
    inSeconds(timing?.firstSuccessSeconds),
    inSeconds(timing?.lagZeroSeconds),
    notes.join('; '),
  ];
}

/** Whether nothing of what must be nothing happened. */
export function isGood({ outcome }: FaultRow): boolean {
  return failings.every((failing) => outcome[failing] === 0);
}

function milliseconds(value: number | undefined): string {
  if (value === undefined) return '-';
  return value < 10_000 ? `${String(Math.round(value))} ms` : `${(value / 1_000).toFixed(1)} s`;
}

function inSeconds(value: number | undefined): string {
  return value === undefined ? '-' : `${value.toFixed(1)} s`;
}
