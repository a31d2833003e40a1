import type { EventLog } from '@instep/event-log';

import { exportOnce } from '../export/exporter.ts';
import { defaultLimits } from '../export/limits.ts';
import { openForWriting } from '../open-for-writing.ts';

/**
 * Brings the lake in this folder up to the end of these topics, as `lake export` does, without the copy of its manifest in a database.
 * `records`: in a full file; the same for the life of a lake.
 */
export async function exportLog(folder: string, log: EventLog, topics: readonly string[], records = defaultLimits.records): Promise<void> {
  const { writer, database, close, tidy } = await openForWriting(folder, undefined);
  try {
    await exportOnce({ log, folder, writer, database, limits: { ...defaultLimits, records }, onFile: () => undefined }, topics);
    tidy();
  } finally {
    await close();
  }
}
