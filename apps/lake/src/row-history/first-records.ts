import type { DuckDBConnection } from '@duckdb/node-api';
import type { LogReader, LogRecord } from '@instep/event-log';

import type { SoundFiles } from '../sound/sound-files.ts';
import type { HistoryManifest } from './history-manifest.ts';
import { assertSound } from './sound-history.ts';
import { parquetFiles } from './version-stage.ts';

interface Place {
  readonly topic: string;
  readonly p: number;
  readonly off: number;
}

/** The first records of a history in the order in which they were folded. Throws `LakeFault` when the file that tells it is not sound. */
export async function firstRecords(
  log: LogReader,
  connection: DuckDBConnection,
  sound: SoundFiles,
  manifest: HistoryManifest,
  count: number,
): Promise<readonly LogRecord[]> {
  const files = manifest.filesOf({ department: '', table: '' }).filter(({ first }) => first < count);
  if (files.length === 0) return [];
  await assertSound(sound, files);
  const order = await connection.runAndReadAll(
    `SELECT topic, p, off::INTEGER AS off FROM ${parquetFiles(sound.folder, files)} WHERE n < ${count} ORDER BY n`,
  );
  const places = (order.getRowObjectsJS() as unknown as readonly Place[]).map(({ topic, p, off }) => ({
    topic,
    partition: p,
    offset: off,
  }));
  const found = new Map<string, LogRecord>();
  for (const [name, those] of Map.groupBy(places, ({ topic, partition }) => `${topic}/${partition}`)) {
    const offsets = those.map(({ offset }) => offset);
    const [first] = those;
    if (!first) continue;
    for await (const records of log.read(first, Math.min(...offsets), Math.max(...offsets) + 1))
      for (const record of records) found.set(`${name}/${record.offset}`, record);
  }
  return places.flatMap(({ topic, partition, offset }) => found.get(`${topic}/${partition}/${offset}`) ?? []);
}
