import { setTimeout as pause } from 'node:timers/promises';

import { serviceNames, type ServiceName } from '@instep/contracts';

import { checkCompany, type CheckOutcome } from '../check/check-company.ts';
import { timingOf, type Timing } from '../check/timing.ts';
import type { OpenCompany } from '../company/open-company.ts';
import { startLoad, usualLoad, type Load } from '../load/open-load.ts';
import type { Fault, Scene } from './fault.ts';

export interface FaultSettings {
  readonly extent: Scene['extent'];
  readonly soakMinutes: number;
  /** Orders. */
  readonly perSecond: number;
  readonly random: () => number;
  readonly rebuild: ServiceName;
  /** Keys that earlier faults parked in this company. */
  readonly parkedBefore: number;
  readonly leftBefore: Fault['leaves'];
  readonly signal: AbortSignal;
  phase(name: string): void;
}

export interface FaultRow {
  readonly fault: Fault;
  readonly acknowledged: number;
  /** What came twice, as a webhook or as a record of the log, and did no harm. */
  readonly absorbed: number;
  readonly outcome: Omit<CheckOutcome, 'repeated'>;
  readonly timing: Timing | undefined;
  readonly notes: readonly string[];
  readonly seconds: number;
}

const seconds = { warm: { quick: 4, usual: 6, full: 10 }, after: { quick: 5, usual: 8, full: 15 } } as const;
const deliverWithinMs = 120_000;
const aliveWithinSeconds = 120;
/** Repeated records that earlier faults left in the log of a company. */
const repeatedSoFar = new WeakMap<OpenCompany, number>();

/** One fault from warm-up to verdict. Rejects only when the run is called off. */
export async function runFault(open: OpenCompany, fault: Fault, settings: FaultSettings): Promise<FaultRow> {
  const { extent, signal, phase, random } = settings;
  const begun = Date.now();
  const notes: string[] = [];
  const deathsBefore = open.supervisor.deaths.length;
  const rawBefore = await rawRecords(open);
  await open.receiveScarce();
  const load = startLoad(open.edge, { ...usualLoad, perSecond: settings.perSecond, ...fault.load }, random);
  const scene = sceneOf(open, load, { ...settings, notes });

  phase('warm-up');
  await scene.seconds(seconds.warm[extent]);
  phase('fault');
  const times = { began: Date.now(), ended: 0 };
  let failed: string | undefined;
  await fault.run(scene).catch((error: unknown) => {
    if (signal.aborted) throw error;
    failed = `the fault itself: ${error instanceof Error ? error.message : String(error)}`;
  });
  times.ended = Date.now();
  phase('heal');
  for (const proxy of [...open.ground.toBrokers, open.ground.toDatabase, open.toEdge]) proxy.calm();
  await scene.seconds(seconds.after[extent]);
  phase('drain');
  await load.stop(fault.destroys ? 1_000 : deliverWithinMs);
  if (fault.destroys) {
    phase('check');
    const wrong = await fault.destroys(scene);
    return rowOf(fault, load, { notes, begun, absorbed: 0, timing: undefined, outcome: destroyedOutcome(wrong, failed) });
  }
  await scene.until('all services to be ready', () => allReady(open), aliveWithinSeconds).catch(() => undefined); // the check says it
  phase('check');
  const expected = {
    parkedKeys: settings.parkedBefore + (fault.parks ?? 0),
    allowedFindings: [...(settings.leftBefore ?? []), ...(fault.leaves ?? [])],
  };
  const checked = await checkCompany(open, load.orders, expected, fault.rebuild ?? settings.rebuild);
  const { repeated, ...outcome } = withFailure(checked, failed);
  const timing = fault.untimed === true ? undefined : await timingOf(open.company, load.orders, times);
  const deaths = open.supervisor.deaths.slice(deathsBefore);
  if (deaths.length > 0) notes.push(`${String(deaths.length)} processes brought back`);
  for (const { service, exit } of deaths.filter(({ byItself }) => byItself)) settings.phase(`${service} ended by itself, ${exit}`);
  const again = (await rawRecords(open)) - rawBefore - load.counts.delivered;
  const repeatedBefore = repeatedSoFar.get(open) ?? 0;
  repeatedSoFar.set(open, repeated);
  const absorbed = repeated - repeatedBefore + Math.max(0, again) + copiesOf(fault, load);
  return rowOf(fault, load, { notes, begun, absorbed, timing, outcome });
}

/** Webhooks that were sent again on purpose. */
function copiesOf(fault: Fault, load: Load): number {
  const times = fault.load?.times ?? 1;
  return Math.round(load.counts.delivered * (1 - 1 / times));
}

function rowOf(
  fault: Fault,
  load: Load,
  rest: Pick<FaultRow, 'notes' | 'absorbed' | 'timing' | 'outcome'> & { readonly begun: number },
): FaultRow {
  const { begun, ...row } = rest;
  const acknowledged = load.orders.filter(({ acknowledgedAt }) => acknowledgedAt !== undefined).length;
  return { fault, acknowledged, ...row, seconds: (Date.now() - begun) / 1_000 };
}

function withFailure(outcome: CheckOutcome, failed: string | undefined): CheckOutcome {
  if (failed === undefined) return outcome;
  return { ...outcome, stuck: outcome.stuck + 1, details: [failed, ...outcome.details] };
}

function destroyedOutcome(wrong: readonly string[], failed: string | undefined): FaultRow['outcome'] {
  const details = [...(failed === undefined ? [] : [failed]), ...wrong];
  return { lost: 0, doubled: 0, oversold: 0, unbalanced: 0, reordered: 0, stuck: details.length, details };
}

type SceneParts = Pick<FaultSettings, 'extent' | 'soakMinutes' | 'signal' | 'random'> & { readonly notes: string[] };

function sceneOf(open: OpenCompany, load: Load, { extent, soakMinutes, signal, random, notes }: SceneParts): Scene {
  const wait = async (ms: number): Promise<void> => pause(ms, undefined, { signal });
  return {
    ...open,
    load,
    random,
    extent,
    soakMinutes,
    note: (text) => void notes.push(text),
    seconds: (count) => wait(count * 1_000),
    until: async (what, holds, withinSeconds = 120) => {
      const deadline = Date.now() + withinSeconds * 1_000;
      while (!(await Promise.resolve(holds()).catch(() => false))) {
        if (Date.now() > deadline) throw new Error(`waited ${String(withinSeconds)} s for ${what}`);
        await wait(100);
      }
    },
  };
}

async function allReady({ company }: OpenCompany): Promise<boolean> {
  const ready = await Promise.all(serviceNames.map(async (name) => (await company.get(name, '/health/ready')).status === 200));
  return ready.every(Boolean);
}

async function rawRecords({ company }: OpenCompany): Promise<number> {
  return (await company.log.bounds('raw.shopify')).reduce((sum, { next }) => sum + next, 0);
}
