import type { JobStore } from '../job/job-store.ts';
import type { ReplaySettings } from './settings.ts';
import { sandboxOf } from './work.ts';

/** Sandboxes that nobody asked to keep longer. What cannot be removed now is tried again the next time. */
export async function removeExpired(jobs: JobStore, settings: ReplaySettings): Promise<void> {
  if (settings.databaseUrl === undefined) return;
  for (const { job, working } of jobs.all()) {
    if (working || job.expires === undefined || Date.parse(job.expires) > Date.now()) continue;
    try {
      await sandboxOf(job, settings).drop();
      jobs.remove(job.id);
    } catch {
      // The server is away.
    }
  }
}
