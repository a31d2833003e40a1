import { figure, megabytes, say, table } from '@instep/command-line';
import { Command } from 'commander';

import { ReplayFault } from '../fault.ts';
import type { Job } from '../job/job.ts';
import { JobStore, type StoredJob } from '../job/job-store.ts';
import { removeExpired } from './expired.ts';
import { folder } from './selecting.ts';
import type { ReplaySettings } from './settings.ts';
import { cancelled, discard, work } from './work.ts';

interface LakeOption {
  readonly lake: string;
}

function managing(name: string, what: string, settings: ReplaySettings): Command {
  return new Command(name)
    .description(what)
    .argument('<id>', 'of the replay')
    .option('--lake <folder>', 'folder of the lake', folder, settings.lake)
    .addHelpText('after', `\nExample:\n  npm run replay -- ${name} rmwwqypet1l\n\nnpm run replay -- list names them.`);
}

export function listCommand(settings: ReplaySettings): Command {
  return new Command('list')
    .description('all replays of a lake; sandboxes that have expired are removed')
    .option('--lake <folder>', 'folder of the lake', folder, settings.lake)
    .option('--json', 'as JSON', false)
    .addHelpText('after', '\nExamples:\n  npm run replay -- list\n  npm run replay -- list --json')
    .action(async ({ lake, json }: LakeOption & { readonly json: boolean }) => {
      const jobs = new JobStore(lake);
      await removeExpired(jobs, settings);
      const all = jobs.all();
      if (json) say(JSON.stringify(all.map(({ job, progress, working }) => ({ ...job, ...progress, working }))));
      else if (all.length === 0) say('No replays yet: npm run replay -- run --help shows how.');
      else
        say(
          table(
            ['replay', 'planned', 'state', 'events', 'done', 'target'],
            all.map((stored) => {
              const { job } = stored;
              return [job.id, job.planned.slice(0, 19), stateOf(stored), figure(job.plan.events), shareOf(stored), targetOf(job)];
            }),
            ['events', 'done'],
          ),
        );
    });
}

export function statusCommand(settings: ReplaySettings): Command {
  return managing('status', 'how far a replay is', settings).action((id: string, { lake }: LakeOption) => {
    const stored = new JobStore(lake).get(id);
    const { job, progress } = stored;
    const { read, events } = progress.checkpoint;
    say(
      `${id}: ${stateOf(stored)}, ${shareOf(stored)}: ${figure(events)} events written, ${figure(read)} records read, since ${progress.at}`,
    );
    say(`to ${targetOf(job)}; planned ${figure(job.plan.events)} events, ${megabytes(job.plan.bytes)}`);
    if (progress.reason !== undefined) say(progress.reason);
    if (canGoOn(stored)) say(`npm run replay -- resume ${id} goes on`);
  });
}

export function pauseCommand(settings: ReplaySettings): Command {
  return managing('pause', 'lets a running replay stop at its next step', settings).action((id: string, { lake }: LakeOption) => {
    const jobs = new JobStore(lake);
    if (!jobs.get(id).working)
      throw new ReplayFault('replay/busy', `The replay ${id} does not run: npm run replay -- status ${id} says how it stands.`);
    jobs.ask(id, 'pause');
    say(`asked; npm run replay -- resume ${id} goes on later`);
  });
}

export function resumeCommand(settings: ReplaySettings, signal: AbortSignal): Command {
  return managing('resume', 'goes on with a replay that was paused, failed or killed', settings).action(
    async (id: string, { lake }: LakeOption) => {
      const jobs = new JobStore(lake);
      const stored = jobs.get(id);
      if (!canGoOn(stored)) throw new ReplayFault('replay/busy', `The replay ${id} is ${stateOf(stored)}: there is nothing to resume.`);
      await work(stored.job, { jobs, settings, lake, signal });
    },
  );
}

export function cancelCommand(settings: ReplaySettings): Command {
  return managing('cancel', 'ends a replay for good and removes what is not finished', settings).action(
    async (id: string, { lake }: LakeOption) => {
      const jobs = new JobStore(lake);
      const stored = jobs.get(id);
      if (stored.progress.state === 'done')
        throw new ReplayFault('replay/busy', `The replay ${id} is done: npm run replay -- remove ${id} forgets it, and drops its sandbox.`);
      if (stored.progress.state === 'cancelled')
        throw new ReplayFault('replay/busy', `The replay ${id} is cancelled already: npm run replay -- remove ${id} forgets it.`);
      if (stored.working) {
        jobs.ask(id, 'cancel');
        say('asked; it ends at its next step');
        return;
      }
      const left = await discard(stored, settings);
      jobs.note(id, 'cancelled', stored.progress.checkpoint);
      say(cancelled(left));
    },
  );
}

export function removeCommand(settings: ReplaySettings): Command {
  return managing('remove', 'forgets a replay that does not run, and drops its sandbox; a finished file or topic stays', settings).action(
    async (id: string, { lake }: LakeOption) => {
      const jobs = new JobStore(lake);
      const stored = jobs.get(id);
      if (stored.working) throw new ReplayFault('replay/busy', `The replay ${id} runs: npm run replay -- cancel ${id} first.`);
      await discard(stored, settings);
      jobs.remove(id);
      say(`${id} is forgotten`);
    },
  );
}

function canGoOn({ progress, working }: StoredJob): boolean {
  return !working && progress.state !== 'done' && progress.state !== 'cancelled';
}

/** A run that was killed could not say so. */
function stateOf({ progress: { state }, working }: StoredJob): string {
  if (working) return 'running';
  return state === 'running' || state === 'planned' ? 'cut off' : state;
}

function shareOf({ job, progress }: StoredJob): string {
  if (progress.state === 'done') return '100 %';
  const passes = job.target.kind === 'sandbox' ? job.target.services.length : 1;
  return `${String(Math.floor((progress.checkpoint.read * 100) / Math.max(1, job.plan.read * passes)))} %`;
}

function targetOf({ target, expires }: Job): string {
  if (target.kind === 'file') return target.path;
  if (target.kind === 'topic') return `topic ${target.name}`;
  return `database ${target.database}${expires === undefined ? '' : ` until ${expires.slice(0, 10)}`}`;
}
