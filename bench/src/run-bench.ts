import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { repository, startSystem } from '@instep/platform';

import { Meter } from './figures/meter.ts';
import { seconds } from './figures/text-table.ts';
import { Load, stockUp } from './load/load.ts';
import { OrderBodies } from './load/order-bodies.ts';
import { machine } from './machine.ts';
import { check } from './parts/check.ts';
import { idleTable } from './parts/idle.ts';
import { latencyTable, type RateRun } from './parts/latency.ts';
import { limitsTable } from './parts/limits.ts';
import { race, raceTable } from './parts/read-model.ts';
import { costTable, cpuPerOrder, throughputTable, type Flood } from './parts/saturation.ts';
import type { Plan } from './plan.ts';
import { causeTable, profilable, profiled, type Shares } from './profile/profiling.ts';
import { Report } from './report.ts';
import { RunningSystem } from './running-system.ts';

const settleMs = 60_000;
/** Raw profiles of the last run, for whoever wants to look closer. */
const profilesDir = join(repository, '.instep', 'profiles');
/** After the start the broker goes on compiling for a while; after a load it would be the database's cleaning up that is measured. */
const calmMs = 40_000;
const generator = 'load generator';
const bench = 'bench (reads the ledger)';

/**
 * The whole benchmark on a system of its own, which is gone afterwards. Prints and writes docs/benchmarks.md. Gives whether nothing was
 * missing or double. Rejects when it was given up.
 */
export async function runBench(plan: Plan, signal: AbortSignal): Promise<boolean> {
  const report = new Report();
  const dataDir = mkdtempSync(join(tmpdir(), 'instep-bench-'));
  try {
    report.step('starting broker, database and services');
    const system = await startSystem({
      dataDir,
      profile: 'run',
      environment: {},
      signal,
      serviceEnvironment: profilable(profilesDir),
    });
    signal.addEventListener('abort', () => void system.stop());
    const running = new RunningSystem(system);
    try {
      return await measure(running, plan, report);
    } finally {
      await running.close();
      await system.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function measure(running: RunningSystem, plan: Plan, report: Report): Promise<boolean> {
  const { system, server } = running;
  const load = await Load.start(running);
  const meter = new Meter(
    system,
    server,
    new Map([
      [generator, load.pid],
      [bench, process.pid],
    ]),
  );
  try {
    report.section('The run', (await machine(server)).join('\n'));
    report.step(`idle for ${String(plan.idleSeconds)} s`);
    await pause(calmMs);
    report.section('Doing nothing', await idleTable(meter, plan.idleSeconds, [generator, bench]));
    const rates = await atRates(running, load, plan, report);
    const flood = await saturated(running, load, meter, plan, report);
    report.section('From webhook to ledger', latencyTable(rates));
    report.section('At most', throughputTable(flood));
    report.section('What an order costs', costTable(flood));
    report.section('What it is spent on', causeTable(await sampled(running, load, plan, report), cpuPerOrder(flood)));
    const checked = await check(running, new OrderBodies().expected(load.sent), load.refused);
    report.section('Nothing missing, nothing double', checked.table);

    await load.stop();
    const events = (await running.recordsByTopic()).get('orders') ?? 0;
    await Promise.all(system.services.map((service) => service.stop()));
    report.step(
      `the stock way (${String(plan.stockSeconds)} s) and ours on the ${events.toLocaleString('en')} records of the topic orders`,
    );
    report.section('Beside the stock way', raceTable(await race(system.platform, events, plan)));
    report.step('limits of broker and database');
    report.section('Limits', await limitsTable(system.platform, plan.limits));
    report.write(join(repository, 'docs', 'benchmarks.md'));
    console.log(`done in ${seconds(report.tookMs)}; written to docs/benchmarks.md`);
    if (!checked.good) console.error('Something is missing or double: see the lines marked WRONG.');
    return checked.good;
  } finally {
    meter.stop();
    await load.stop();
  }
}

async function atRates(running: RunningSystem, load: Load, plan: Plan, report: Report): Promise<readonly RateRun[]> {
  report.step('goods and staff');
  await stockUp(running);
  report.step(`warming up with ${plan.warmUpOrders.toLocaleString('en')} orders`);
  await load.run(plan.warmUpOrders, { kind: 'flood', atOnce: 16 });
  await running.settled(settleMs);
  const rates: RateRun[] = [];
  for (const { perSecond, seconds: lasts } of plan.rates) {
    report.step(`${String(perSecond)} orders/s for ${String(lasts)} s`);
    rates.push({ perSecond, run: await load.run(perSecond * lasts, { kind: 'rate', perSecond }) });
    await running.settled(settleMs);
  }
  return rates;
}

async function saturated(running: RunningSystem, load: Load, meter: Meter, plan: Plan, report: Report): Promise<Flood> {
  const { orders, atOnce } = plan.flood;
  report.step(`as many as go in: ${orders.toLocaleString('en')} orders, ${String(atOnce)} at once`);
  const [before, recordsBefore] = [await meter.snapshot(), await running.recordsByTopic()];
  const run = await load.run(orders, { kind: 'flood', atOnce });
  await running.settled(settleMs);
  const [after, recordsAfter] = [await meter.snapshot(), await running.recordsByTopic()];
  return { run, before, after, recordsBefore, recordsAfter, peakMemory: meter.peakMemory() };
}

/** Apart from the flood that is measured, because sampling costs the services some. */
async function sampled(running: RunningSystem, load: Load, { flood, sampledOrders }: Plan, report: Report): Promise<Shares> {
  report.step(`sampling where the CPU goes, with ${sampledOrders.toLocaleString('en')} more orders`);
  return profiled(running.system, profilesDir, async () => {
    await load.run(sampledOrders, { kind: 'flood', atOnce: flood.atOnce });
    await running.settled(settleMs);
  });
}
