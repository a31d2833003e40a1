import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { createTopics } from '@instep/event-log-kafka';
import { toolchainDir, type Platform } from '@instep/platform';
import pg from 'pg';

import { textTable } from '../figures/text-table.ts';

const topic = 'bench.limits';
const recordBytes = 1_400;
const rowsPerStatement = 500;
const eventText = JSON.stringify({ filler: 'x'.repeat(recordBytes - 15) });

/** What broker and database do when nothing else is asked of them. */
export async function limitsTable(
  platform: Platform,
  { records, rows }: { readonly records: number; readonly rows: number },
): Promise<string> {
  const produced = await producerTest(platform, records);
  const inserted = await batchInsert(await platform.createDatabase('bench_limits'), rows);
  return textTable(
    ['limit', 'rows', 'per second'],
    [
      [`Kafka's own producer test, ${String(recordBytes)} bytes a record, acks=all`, records.toLocaleString('en'), whole(produced)],
      [
        `PostgreSQL, outbox rows, ${String(rowsPerStatement)} a statement and commit, one session`,
        rows.toLocaleString('en'),
        whole(inserted),
      ],
    ],
  );
}

async function producerTest({ brokers }: Platform, records: number): Promise<number> {
  await createTopics({ brokers: brokers.split(','), clientId: 'bench-limits' }, [{ name: topic, partitions: 3 }], { replicationFactor: 1 });
  const { JAVA_HOME } = process.env;
  const jarsDir = join(toolchainDir, 'kafka');
  const { stdout } = await promisify(execFile)(JAVA_HOME ? join(JAVA_HOME, 'bin', 'java') : 'java', [
    '-Xmx256m',
    '-XX:+UseSerialGC',
    '-cp',
    join(jarsDir, 'lib', '*'),
    `-Dlog4j2.configurationFile=${join(jarsDir, 'log4j2.properties')}`,
    'org.apache.kafka.tools.ProducerPerformance',
    ...['--topic', topic, '--num-records', String(records), '--record-size', String(recordBytes), '--throughput', '-1'],
    ...['--producer-props', `bootstrap.servers=${brokers}`, 'acks=all', 'batch.size=262144', 'linger.ms=5', 'buffer.memory=67108864'],
  ]);
  const last = /([\d.]+) records\/sec/.exec(stdout.trim().split('\n').at(-1) ?? '');
  return Number(last?.[1]);
}

async function batchInsert(url: string, rows: number): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`CREATE TABLE outbox_like (
      id bigserial PRIMARY KEY, topic text NOT NULL, partition integer NOT NULL, key text NOT NULL, type text NOT NULL, value text NOT NULL,
      recorded_at timestamptz NOT NULL DEFAULT now())`);
    const insert = {
      name: 'insert',
      text: `INSERT INTO outbox_like (topic, partition, key, type, value)
        SELECT 'orders', 1, key, 'order.placed', value FROM unnest($1::text[], $2::text[]) AS k(key, value)`,
      values: [
        Array.from({ length: rowsPerStatement }, (_, at) => `demo/sample:${String(5_000_000_000 + at)}`),
        Array.from({ length: rowsPerStatement }, () => eventText),
      ],
    };
    const begun = performance.now();
    for (let done = 0; done < rows; done += rowsPerStatement) await client.query(insert);
    return (rows * 1_000) / (performance.now() - begun);
  } finally {
    await client.end();
  }
}

function whole(perSecond: number): string {
  return Number.isFinite(perSecond) ? Math.round(perSecond).toLocaleString('en') : '–';
}
