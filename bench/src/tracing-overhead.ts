import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startSpanReceiver } from '@instep/observability';
import { startSystem } from '@instep/platform';

import { Meter, used } from './figures/meter.ts';
import { figure, textTable } from './figures/text-table.ts';
import { Load, stockUp } from './load/load.ts';
import { RunningSystem } from './running-system.ts';

export interface TracingPlan {
  readonly rounds: number;
  readonly warmUpOrders: number;
  readonly orders: number;
}

interface Measured {
  readonly ordersPerSecond: number;
  /** Of the six services together. */
  readonly cpuMsPerOrder: number;
  readonly spans: number;
}

const settleMs = 60_000;
const atOnce = 64;
const ways = ['no tracing', 'one in ten traced', 'all traced'] as const;
const samplers: Readonly<Record<(typeof ways)[number], string | undefined>> = {
  'no tracing': undefined,
  'one in ten traced': '0.1',
  'all traced': '1',
};

/** What tracing costs, side by side on fresh systems in turn: orders a second at saturation and CPU of the services. A table for people. */
export async function tracingOverhead(plan: TracingPlan, say: (step: string) => void, signal: AbortSignal): Promise<string> {
  const measured = new Map<string, Measured[]>(ways.map((way) => [way, []]));
  for (let round = 1; round <= plan.rounds; round += 1) {
    for (const way of round % 2 === 1 ? ways : ways.toReversed()) {
      signal.throwIfAborted();
      say(`round ${String(round)} of ${String(plan.rounds)}: ${way}`);
      measured.get(way)?.push(await measure(samplers[way], plan));
    }
  }
  const median = (way: string, of: (each: Measured) => number): number => {
    const values = (measured.get(way) ?? []).map(of).sort((a, b) => a - b);
    return values[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
  };
  const rows = ways.map((way) => {
    const rate = median(way, (each) => each.ordersPerSecond);
    const cpu = median(way, (each) => each.cpuMsPerOrder);
    const percent = (value: number, base: number): string => `${((value / base - 1) * 100).toFixed(1)} %`;
    return [
      way,
      figure(rate),
      percent(
        rate,
        median('no tracing', (each) => each.ordersPerSecond),
      ),
      figure(cpu),
      percent(
        cpu,
        median('no tracing', (each) => each.cpuMsPerOrder),
      ),
      figure(median(way, (each) => each.spans) / plan.orders),
    ];
  });
  return textTable(['', 'orders/s', '', 'CPU ms/order of the services', '', 'spans/order'], rows);
}

async function measure(ratio: string | undefined, plan: TracingPlan): Promise<Measured> {
  const dataDir = mkdtempSync(join(tmpdir(), 'instep-tracing-'));
  const receiver = await startSpanReceiver();
  try {
    const system = await startSystem({
      dataDir,
      profile: 'run',
      environment: {},
      serviceEnvironment:
        ratio === undefined
          ? {}
          : {
              OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
              OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
              OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
              OTEL_TRACES_SAMPLER_ARG: ratio,
            },
    });
    const running = new RunningSystem(system);
    const load = await Load.start(running);
    const meter = new Meter(system, running.server, new Map());
    try {
      await stockUp(running);
      await load.run(plan.warmUpOrders, { kind: 'flood', atOnce });
      await running.settled(settleMs);
      const [before, spansBefore] = [await meter.snapshot(), receiver.spans().length];
      const run = await load.run(plan.orders, { kind: 'flood', atOnce });
      await running.settled(settleMs);
      const services = new Set<string>(system.services.map(({ name }) => name));
      const cpu = [...used(before.processes, (await meter.snapshot()).processes)].filter(([name]) => services.has(name));
      return {
        ordersPerSecond: (plan.orders * 1_000) / (run.booked - run.begun),
        cpuMsPerOrder: (cpu.reduce((sum, [, seconds]) => sum + seconds, 0) * 1_000) / plan.orders,
        spans: receiver.spans().length - spansBefore,
      };
    } finally {
      meter.stop();
      await load.stop();
      await running.close();
      await system.stop();
    }
  } finally {
    await receiver.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
