import type { CpuSnapshot } from '../figures/meter.ts';
import { used } from '../figures/meter.ts';
import { figure, seconds, textTable } from '../figures/text-table.ts';
import type { LoadRun } from '../load/load.ts';

export interface Flood {
  readonly run: LoadRun;
  readonly before: CpuSnapshot;
  readonly after: CpuSnapshot;
  readonly recordsBefore: ReadonlyMap<string, number>;
  readonly recordsAfter: ReadonlyMap<string, number>;
  readonly peakMemory: ReadonlyMap<string, number>;
}

export function throughputTable({ run, recordsBefore, recordsAfter }: Flood): string {
  const orders = run.sent.length;
  const tookMs = run.booked - run.begun;
  const records = [...used(recordsBefore, recordsAfter)].filter(([, count]) => count > 0);
  const events = records.reduce((sum, [, count]) => sum + count, 0);
  return textTable(
    ['as many as go in', ''],
    [
      ['orders', orders.toLocaleString('en')],
      ['until the edge had answered them all', seconds(run.ended - run.begun)],
      ['until the ledger had them all', seconds(tookMs)],
      ['orders/s at the edge', figure((orders * 1_000) / (run.ended - run.begun))],
      ['orders/s into the ledger, sustained', figure((orders * 1_000) / tookMs)],
      ['records/s into the log', figure((events * 1_000) / tookMs)],
      ...records.map(([topic, count]) => [`records per order in ${topic}`, figure(count / orders)]),
    ],
  );
}

/** CPU milliseconds per order of each service: all of it, and of its main thread alone. */
export function cpuPerOrder({ run, before, after }: Flood): ReadonlyMap<string, { readonly all: number; readonly main: number }> {
  const perOrder = (seconds: number | undefined): number => ((seconds ?? 0) * 1_000) / run.sent.length;
  const all = used(before.processes, after.processes);
  return new Map(
    [...used(before.mainThreads, after.mainThreads)].map(([name, main]) => [name, { all: perOrder(all.get(name)), main: perOrder(main) }]),
  );
}

/** What an order costs, by process. */
export function costTable({ run, before, after, peakMemory }: Flood): string {
  const orders = run.sent.length;
  const processes = used(before.processes, after.processes);
  const total = [...processes.values()].reduce((sum, each) => sum + each, 0);
  const row = (name: string, cpu: number, memory?: number): string[] => [
    name,
    figure(cpu),
    figure((cpu * 1_000) / orders),
    `${figure((cpu * 100) / total)} %`,
    memory === undefined ? '' : figure(memory),
  ];
  const postgres = [...used(before.postgres, after.postgres)].filter(([, cpu]) => cpu >= 0.005 * total).sort(([, a], [, b]) => b - a);
  return textTable(
    ['process', 'CPU s', 'CPU ms/order', 'share', 'peak MB'],
    [
      ...[...processes].map(([name, cpu]) => row(name, cpu, peakMemory.get(name))),
      row('all', total),
      ...postgres.map(([worksFor, cpu]) => row(`  of PostgreSQL: ${worksFor}`, cpu)),
    ],
  );
}
