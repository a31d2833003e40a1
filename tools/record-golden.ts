/**
 * npm run record-golden: keeps a sample of every event version that has none yet, taken from the log at KAFKA_BROKERS.
 * A sample is never replaced: it shows for ever what was once written.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { decodeEvent, topics } from '@instep/contracts';
import { kafkaLog } from '@instep/event-log-kafka';

import { allVersions, goldenFile, versionName } from './contracts/published.ts';

const brokers = process.env['KAFKA_BROKERS'];
if (brokers) await record(brokers.split(','));
else {
  console.error('KAFKA_BROKERS is not set: name the broker whose log holds the events.');
  process.exitCode = 1;
}

async function record(addresses: string[]): Promise<void> {
  const missing = new Map(allVersions.filter((definition) => !existsSync(goldenFile(definition))).map((each) => [versionName(each), each]));
  const log = kafkaLog({ brokers: addresses, clientId: 'record-golden' });
  try {
    for (const topic of Object.keys(topics)) {
      for (const { partition, first, next } of await log.bounds(topic)) {
        for await (const batch of log.read({ topic, partition }, first, next)) {
          for (const { value } of batch) keep(value);
        }
      }
    }
  } finally {
    await log.close();
  }
  for (const version of missing.keys()) console.log(`the log holds no ${version}`);

  function keep(value: Buffer): void {
    const { dataschema } = JSON.parse(value.toString()) as { dataschema: string };
    const definition = missing.get(dataschema);
    if (!definition) return;
    decodeEvent(value);
    const file = goldenFile(definition);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(JSON.parse(value.toString()), null, 2)}\n`);
    missing.delete(dataschema);
    console.log(`kept ${dataschema}`);
  }
}
