import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';

import { serviceNames } from '@instep/contracts';
import { repository } from '@instep/platform';

import { seededRandom } from '../../src/shuffle.ts';
import { openCompany, type OpenCompany } from '../company/open-company.ts';
import { startGround, type Ground, type GroundKind } from '../ground/start-ground.ts';
import type { Fault, Scene } from './fault.ts';
import { runFault, type FaultRow } from './run-fault.ts';
import { isGood, tableOf } from './table.ts';

export interface ChaosPlan {
  readonly faults: readonly Fault[];
  readonly extent: Scene['extent'];
  readonly seed: number;
  readonly soakMinutes: number;
  /** Orders. */
  readonly perSecond: number;
  readonly signal: AbortSignal;
  say(line: string): void;
}

/** After so many faults a company is left and a new one opened: history would be long to check. */
const faultsPerCompany = 6;

/**
 * Runs the faults one after the other, on as few companies as will do, and prints a line per phase and the table. True when every row is as it
 * must be. The folder with data and logs is kept when one is not.
 */
export async function runChaos(
  plan: ChaosPlan,
): Promise<{ readonly good: boolean; readonly rows: readonly FaultRow[]; readonly table: string }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'instep-chaos-'));
  const rows: FaultRow[] = [];
  let good = true;
  for (const group of groupsOf(plan)) {
    if (plan.signal.aborted) break;
    const groupDir = join(dataDir, `company-${String(rows.length + 1)}`);
    const made = await runGroup(group, groupDir, plan, rows);
    const fine = made.every(isGood) && made.length === group.length;
    good &&= fine;
    if (fine) rmSync(groupDir, { recursive: true, force: true });
  }
  if (good) rmSync(dataDir, { recursive: true, force: true });
  else plan.say(`data and logs are kept in ${dataDir}`);
  return { good, rows, table: tableOf(rows) };
}

async function runGroup(group: readonly Fault[], dataDir: string, plan: ChaosPlan, rows: FaultRow[]): Promise<readonly FaultRow[]> {
  const { say, seed } = plan;
  const [first] = group;
  if (!first) return [];
  const random = seededRandom(seed + rows.length);
  const made: FaultRow[] = [];
  let ground: Ground | undefined;
  let open: OpenCompany | undefined;
  try {
    const begun = Date.now();
    ground = await startGround(first.ground, join(dataDir, 'ground'));
    open = await openCompany(ground, dataDir);
    say(`a company on ${groundWords[first.ground]} is open (${secondsSince(begun)})`);
    let parkedBefore = 0;
    const leftBefore: NonNullable<Fault['leaves']>[number][] = [];
    for (const fault of group) {
      say(`${fault.id}: ${fault.title}`);
      const row = await runFault(open, fault, {
        ...plan,
        random,
        rebuild: serviceNames[rows.length % serviceNames.length] ?? 'finance',
        parkedBefore,
        leftBefore,
        phase: (name) => say(`  ${name}`),
      });
      parkedBefore += fault.parks ?? 0;
      leftBefore.push(...(fault.leaves ?? []));
      rows.push(row);
      made.push(row);
      say(`  ${isGood(row) ? 'as it must be' : 'NOT AS IT MUST BE'}: ${String(row.acknowledged)} orders, ${row.seconds.toFixed(0)} s`);
      for (const detail of row.outcome.details) say(`    ${detail}`);
      if (!isGood(row)) break; // what comes after would be checked against a company that is wrong already
    }
  } finally {
    await open?.close().catch((error: unknown) => say(`closing: ${String(error)}`));
    await ground?.stop();
  }
  return made;
}

/** Faults on the same ground share a company; one that destroys it is the last. */
function groupsOf({ faults }: ChaosPlan): readonly (readonly Fault[])[] {
  const groups: Fault[][] = [];
  for (const kind of ['one-broker', 'three-brokers', 'small-disks'] as const satisfies readonly GroundKind[]) {
    let group: Fault[] = [];
    for (const fault of faults.filter(({ ground }) => ground === kind)) {
      group.push(fault);
      if (group.length < faultsPerCompany && !fault.destroys && fault.last !== true) continue;
      groups.push(group);
      group = [];
    }
    if (group.length > 0) groups.push(group);
  }
  return groups;
}

const groundWords: Readonly<Record<GroundKind, string>> = {
  'one-broker': 'one broker',
  'three-brokers': 'three brokers',
  'small-disks': 'one broker and small disks',
};

export interface ChaosReport {
  /** As it was given. */
  readonly command: string;
  readonly perSecond: number;
  readonly table: string;
  readonly skipped: readonly string[];
  readonly minutes: number;
}

/** The report as it is committed: what ran where, and the table as printed. */
export function writeReport({ command, perSecond, table, skipped, minutes }: ChaosReport): void {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: repository, encoding: 'utf8' }).trim();
  const machine = `${String(cpus().length)} × ${cpus()[0]?.model ?? 'processor'}, ${(totalmem() / 2 ** 30).toFixed(0)} GB, Node ${process.version}`;
  const lines = [
    '# Real faults, as measured',
    '',
    `Written by \`${command}\`: real processes on real Kafka and PostgreSQL, about ${String(perSecond)} orders a second with edits,`,
    'shipments, returns and cancellations, while something breaks. What each column means: [scenarios/chaos](../scenarios/chaos/README.md).',
    '',
    `Commit ${commit} · ${machine} · ${minutes.toFixed(0)} minutes`,
    '',
    '```',
    table,
    '```',
    ...(skipped.length > 0 ? ['', 'Not run here:', '', ...skipped.map((each) => `- ${each}`)] : []),
    '',
  ];
  writeFileSync(join(repository, 'docs', 'chaos.md'), lines.join('\n'));
}

function secondsSince(begun: number): string {
  return `${((Date.now() - begun) / 1_000).toFixed(0)} s`;
}
