import { createWriteStream, rmSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';

import type { EventLog, LogRecord, TopicPartition } from '@instep/event-log';
import { createTopics, kafkaLog } from '@instep/event-log-kafka';

import { perSecondApart, timed } from './timed.ts';

export interface ThroughKafka {
  /** Where the records come from. */
  readonly history: EventLog & { readonly records: number };
  readonly topics: readonly string[];
  /** How many of them, about: of every partition the same share. */
  readonly count: number;
  readonly brokers: string;
  /** For the file of lines; it is there already. */
  readonly folder: string;
  /** The export that is measured. */
  exportInto(lake: string, log: EventLog, topics: readonly string[]): Promise<void>;
  note(what: string, value: string, target?: string): void;
}

interface Part extends TopicPartition {
  readonly next: number;
}

/**
 * The same records through a broker: only read, written as a file of lines, and exported. The broker has just got them, so it reads them
 * from memory; connections and code are warm before the clock starts.
 */
export async function throughKafka({ history, topics, count, brokers, folder, exportInto, note }: ThroughKafka): Promise<void> {
  const connection = { brokers: brokers.split(','), clientId: 'lake-bench' };
  const run = `lake-bench-${process.pid}-${Date.now()}`;
  const names = topics.map((topic) => `${run}-${topic}`);
  await createTopics(
    connection,
    names.map((name) => ({ name, partitions: 3 })),
    { replicationFactor: 1 },
  );
  const log = kafkaLog(connection);
  try {
    const filled = await timed(async () => {
      for (const topic of topics) await fill(history, log, topic, `${run}-${topic}`, Math.min(1, count / history.records));
    });
    const parts = await partsOf(log, names);
    const records = parts.reduce((sum, { next }) => sum + next, 0);
    note('filling Kafka, to be read below', `${records.toLocaleString('en-US')} events, ${perSecondApart(records, filled)}`);
    const seen = { read: 0, lines: 0 };
    const read = await timed(async () => {
      for await (const batch of everything(log, parts)) seen.read += batch.length;
    });
    note('only reading from Kafka', perSecondApart(seen.read, read));
    const lines = await timed(async () => {
      seen.lines = await writeLines(log, parts, join(folder, 'kafka.ndjson'));
    });
    note('from Kafka into a file of lines, as kcat does it', perSecondApart(seen.lines, lines));
    if (seen.read !== records || seen.lines !== records) throw new Error(`of ${records} records ${seen.read} and ${seen.lines} were read`);
    const exported = await timed(() => exportInto(join(folder, 'kafka'), log, names));
    note('export from Kafka', perSecondApart(records, exported), '50,000/s');
  } finally {
    await log.close();
  }
}

/** All partitions at once: the log takes one batch of each at a time. */
async function fill(history: EventLog, log: EventLog, from: string, to: string, share: number): Promise<void> {
  const bounds = await history.bounds(from);
  await Promise.all(
    bounds.map(async ({ partition, next }) => {
      for await (const batch of history.read({ topic: from, partition }, 0, Math.ceil(next * share)))
        await log.append({ topic: to, partition }, batch.map(recordAgain));
    }),
  );
}

function recordAgain({ key, type, sequence, value }: LogRecord) {
  return { key, type: type ?? '', sequence, value };
}

async function partsOf(log: EventLog, topics: readonly string[]): Promise<readonly Part[]> {
  const bounds = await Promise.all(
    topics.map(async (topic) => (await log.bounds(topic)).map(({ partition, next }) => ({ topic, partition, next }))),
  );
  return bounds.flat();
}

async function* everything(log: EventLog, parts: readonly Part[]): AsyncGenerator<readonly LogRecord[]> {
  for (const { topic, partition, next } of parts) yield* log.read({ topic, partition }, 0, next);
}

const newLine = Buffer.from('\n');

async function writeLines(log: EventLog, parts: readonly Part[], path: string): Promise<number> {
  let count = 0;
  const file = createWriteStream(path);
  for await (const batch of everything(log, parts)) {
    count += batch.length;
    if (!file.write(Buffer.concat(batch.flatMap(({ value }) => [value, newLine])))) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
  rmSync(path);
  return count;
}
