import { createInterface } from 'node:readline/promises';

import { duration, figure, megabytes, say, table } from '@instep/command-line';
import { recordReveal } from '@instep/lake/log';
import { Command } from 'commander';

import { ReplayFault } from '../fault.ts';
import type { Job } from '../job/job.ts';
import { JobStore } from '../job/job-store.ts';
import { tellsOfPeople } from '../selection/tells-of-people.ts';
import { openSource } from '../source/source.ts';
import { removeExpired } from './expired.ts';
import { makeJob, type PlannedJob } from './make-job.ts';
import { addSelecting, type SelectingOptions } from './selecting.ts';
import type { ReplaySettings } from './settings.ts';
import { work } from './work.ts';

/** Records in a second, as measured on two shared cores: for an estimate before anything ran. */
const usualRate = { file: 60_000, topic: 25_000, sandbox: 8_000 } as const;

const examples = `
Examples:
  npm run replay -- plan --topics orders --since 2026-03-01 --to file:march.ndjson
  npm run replay -- run --types order.paid,order.shipped --to file:paid.parquet --yes
  npm run replay -- run --topics orders --to topic:orders-copy --rate 5000 --reveal "load test of the warehouse" --yes
  npm run replay -- run --until 2026-03-01T12:00:00Z --to sandbox --reveal "audit of March" --yes`;

export function planCommand(settings: ReplaySettings): Command {
  return addSelecting(new Command('plan').description('says what a replay would read and give, and writes nothing'), settings)
    .addHelpText('after', examples)
    .action(async (options: SelectingOptions) => {
      await planned(options, settings);
    });
}

export function runCommand(settings: ReplaySettings, signal: AbortSignal): Command {
  return addSelecting(new Command('run').description('plans a replay, asks, and does it'), settings)
    .option('--yes', 'does not ask', false)
    .option('--reveal <why>', 'why events that tell of people may be copied; who did it and why is written into reveals.ndjson of the lake')
    .addHelpText('after', examples)
    .action(async (options: SelectingOptions & { readonly yes: boolean; readonly reveal?: string }) => {
      const { lake } = options;
      const jobs = new JobStore(lake);
      await removeExpired(jobs, settings);
      const { job } = await planned(options, settings);
      if (options.reveal === undefined && tellsOfPeople(job.selection)) throw notWithoutReason();
      if (!options.yes && !(await agreed())) {
        process.exitCode = 1;
        return;
      }
      if (options.reveal !== undefined) recordReveal(lake, options.reveal, `replay ${job.id} into ${targetOf(job)}`);
      jobs.add(job);
      await work(job, { jobs, settings, lake, signal });
    });
}

/** A replay copies events as they are: into places that hide nothing. */
function notWithoutReason(): ReplayFault {
  return new ReplayFault(
    'replay/bad-option',
    'Some of these events tell of people, and a replay copies them whole: say why with --reveal <why>, or take others with --types or --topics.',
  );
}

async function planned(options: SelectingOptions, settings: ReplaySettings): Promise<PlannedJob> {
  const source = await openSource({ lake: options.lake, brokers: options.log ? settings.brokers : undefined });
  try {
    const made = await makeJob(source, options, settings);
    show(made);
    return made;
  } finally {
    await source.close();
  }
}

function show({ job, plan }: PlannedJob): void {
  say(
    table(
      ['topic', 'events', 'bytes'],
      [
        ...plan.perTopic.map(({ topic, events, bytes }) => [topic, figure(events), megabytes(bytes)]),
        ['all', figure(plan.events), megabytes(plan.bytes)],
      ],
      ['events', 'bytes'],
    ),
  );
  const passes = job.target.kind === 'sandbox' ? job.target.services.length : 1;
  const rate = Math.min(job.rate ?? Number.POSITIVE_INFINITY, usualRate[job.target.kind]);
  const of = plan.read === plan.events ? '' : ` of ${figure(plan.read)} that are looked at`;
  say(`${figure(plan.events)} events${of}, ${megabytes(plan.bytes)}, to ${targetOf(job)}; about ${duration((plan.read * passes) / rate)}`);
  if (plan.unknownVersions.length > 0)
    say(`! this release does not know ${plan.unknownVersions.join(', ')}: these events are copied as they are`);
}

function targetOf({ target }: Job): string {
  if (target.kind === 'file') return target.path;
  if (target.kind === 'topic') return `the new topic ${target.name} with ${figure(target.partitions)} partitions`;
  return `the new database ${target.database}: ${target.services.join(', ')}`;
}

async function agreed(): Promise<boolean> {
  if (!process.stdin.isTTY) {
    say('Nothing was replayed: add --yes to do it.');
    return false;
  }
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question('Go on? (y/N) ');
  prompt.close();
  return /^y(es)?$/i.test(answer.trim());
}
