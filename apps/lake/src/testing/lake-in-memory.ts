import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { inMemoryLog, type EventLog, type NewRecord } from '@instep/event-log';

import { compact } from '../compact/compact.ts';
import { exportOnce } from '../export/exporter.ts';
import { defaultLimits, type BlockLimits } from '../export/limits.ts';
import { openForWriting } from '../open-for-writing.ts';

/** A lake in a folder of its own, made from a log in memory. */
export interface SampleLake {
  readonly folder: string;
  readonly log: EventLog;
  append(topic: string, partition: number, records: readonly NewRecord[]): Promise<void>;
  export(limits?: Partial<BlockLimits>): Promise<void>;
  compact(blocksPerFile: number): Promise<void>;
  remove(): Promise<void>;
}

export function sampleLake(topics: Readonly<Record<string, number>>): SampleLake {
  const folder = mkdtempSync(join(tmpdir(), 'lake-'));
  const log = inMemoryLog({ topics });
  return {
    folder,
    log,
    append: async (topic, partition, records) => {
      await log.append({ topic, partition }, records);
    },
    export: async (limits = {}) => {
      const { writer, database, close, tidy } = await openForWriting(folder, undefined);
      try {
        await exportOnce(
          { log, folder, writer, database, limits: { ...defaultLimits, ...limits }, onFile: () => undefined },
          Object.keys(topics),
        );
        tidy();
      } finally {
        await close();
      }
    },
    compact: async (blocksPerFile) => {
      const { writer, database, close, tidy } = await openForWriting(folder, undefined);
      try {
        await compact({ folder, writer, database, blocksPerFile, onFile: () => undefined });
        tidy();
      } finally {
        await close();
      }
    },
    remove: async () => {
      await log.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
