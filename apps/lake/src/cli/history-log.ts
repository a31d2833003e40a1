import { existsSync } from 'node:fs';

import { continuedBy, type LogReader } from '@instep/event-log';

import { LakeFault } from '../fault.ts';
import { openLakeLog } from '../log/lake-log.ts';
import { manifestPath } from '../manifest/manifest-file.ts';
import { lastRecorded } from '../row-history/last-recorded.ts';
import { openLog } from './export-command.ts';
import type { LakeSettings } from './lake-settings.ts';

/** Of a fold by all departments: two milliseconds of work. Who wakes up on a processor on which it works should not wait longer. */
export const recordsBetweenRests = 25;

/** What a row history is folded from: the files of the lake as far as they go, and from there on the log. */
export interface HistoryLog {
  readonly log: LogReader;
  /** Milliseconds since 1970: what was recorded later may be missing. Infinite when the log itself is read. */
  readonly wholeUpTo: number;
  close(): Promise<void>;
}

export async function openHistoryLog(lake: string, settings: LakeSettings): Promise<HistoryLog> {
  const copy = existsSync(manifestPath(lake)) ? await openLakeLog({ folder: lake, threads: settings.comeLast ? 1 : 2 }) : undefined;
  const kafka = settings.brokers ? openLog(settings) : undefined;
  const log = copy && kafka ? continuedBy(copy, kafka) : (copy ?? kafka);
  if (!log)
    throw new LakeFault(
      'lake/empty',
      `There is no lake in ${lake} and no log: begin with npm start, or name the brokers with KAFKA_BROKERS=host:port.`,
    );
  return {
    log,
    wholeUpTo: copy && !kafka ? lastRecorded(copy.manifest.files()) : Number.POSITIVE_INFINITY,
    close: async () => {
      await copy?.close();
      await kafka?.close();
    },
  };
}
