import type { LogReader, LogRecord } from '@instep/event-log';

import { asReplayFault } from '../fault.ts';
import type { Checkpoint, Job } from '../job/job.ts';
import type { JobStore } from '../job/job-store.ts';
import { matcherOf } from '../selection/selection.ts';
import type { Sink } from '../targets/sink.ts';
import { inSteps, pacer } from './pacer.ts';

export interface RunParts {
  readonly job: Job;
  readonly jobs: JobStore;
  readonly log: LogReader;
  readonly sink: Sink;
  readonly signal: AbortSignal;
  progress(checkpoint: Checkpoint): void;
}

export type RunEnd = 'done' | 'paused' | 'cancelled';

/** Between two checkpoints, whichever comes first: what is read again after a kill. */
const checkpointEvery = { records: 5_000, ms: 250 } as const;

/**
 * Copies what the selection takes, in the order of its ranges, from the last checkpoint on. The target is forced to the disk before the
 * checkpoint names it, and what lies behind the checkpoint is cut off first: so a kill at any time, then another run, gives the same bytes.
 */
export async function runJob({ job, jobs, log, sink, signal, progress }: RunParts): Promise<RunEnd> {
  const { id, selection } = job;
  const matches = matcherOf(selection);
  let at = jobs.get(id).progress.checkpoint;
  let since = 0;
  let keptAt = performance.now();

  const keep = async (): Promise<void> => {
    at = { ...at, mark: await sink.flush() };
    jobs.note(id, 'running', at);
    progress(at);
    since = 0;
    keptAt = performance.now();
  };
  const stopped = (): 'paused' | 'cancelled' | undefined =>
    jobs.asked(id) === 'cancel' ? 'cancelled' : signal.aborted || jobs.asked(id) === 'pause' ? 'paused' : undefined;
  const pace = pacer(job.rate, () => stopped() !== undefined);
  const take = async (records: readonly LogRecord[]): Promise<void> => {
    const taken = records.filter(matches);
    if (taken.length > 0) await sink.write(taken);
    at = { ...at, offset: (records.at(-1)?.offset ?? at.offset) + 1, read: at.read + records.length, events: at.events + taken.length };
    since += records.length;
    progress(at);
    await pace(records.length);
  };

  try {
    await sink.resume(at.mark);
    await keep();
    for (; at.range < selection.ranges.length; at = { ...at, range: at.range + 1, offset: -1 }) {
      const range = selection.ranges[at.range];
      if (!range) break;
      const from = Math.max(range.from, at.offset);
      for await (const batch of log.read(range, from, range.to))
        for (const records of inSteps(batch, job.rate)) {
          await take(records);
          const end = stopped();
          if (end !== undefined || since >= checkpointEvery.records || performance.now() - keptAt >= checkpointEvery.ms) await keep();
          if (end !== undefined) return end;
        }
    }
    await keep();
    await sink.finish();
    return 'done';
  } catch (error) {
    throw asReplayFault(error, sink.name);
  }
}
