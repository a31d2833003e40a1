import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { continuedBy, type EventLog, type LogReader } from '@instep/event-log';
import { kafkaLog } from '@instep/event-log-kafka';
import { openLakeLog, type LakeLog } from '@instep/lake/log';

import { ReplayFault } from '../fault.ts';
import { readingWhole } from './reading-whole.ts';

/** Where history is read from. */
export interface SourceAddress {
  /** Folder of the lake. */
  readonly lake: string;
  /** `host:port`, with commas between; without them the history ends where the lake ends. */
  readonly brokers: string | undefined;
  /** Of the reader of files: 2 when absent. Who comes last leaves a processor to others. */
  readonly threads?: number;
}

/** History to read: the files of the lake, and what the log has beyond them. A reading reaches the end that it was given, or fails. */
export interface Source {
  readonly log: LogReader;
  readonly lake: LakeLog;
  close(): Promise<void>;
}

export async function openSource({ lake: folder, brokers, threads = 2 }: SourceAddress): Promise<Source> {
  if (brokers === undefined && !existsSync(join(folder, 'manifest.ndjson')))
    throw new ReplayFault(
      'replay/bad-option',
      `There is no lake in ${folder}: make one with npm run lake -- export, or name another with --lake.`,
    );
  const lake = await openLakeLog({ folder, threads });
  const kafka: EventLog | undefined = brokers === undefined ? undefined : kafkaLog({ brokers: brokers.split(','), clientId: 'replay' });
  return {
    log: kafka
      ? readingWhole(continuedBy(lake, kafka), 'the log has lost records, or is another one')
      : readingWhole(lake, `${folder} has no more: begin with npm start or set KAFKA_BROKERS, so that the log is read beyond it`),
    lake,
    close: async () => {
      await lake.close();
      await kafka?.close();
    },
  };
}
