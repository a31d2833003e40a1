/**
 * A broker and a database for working on the code, until interrupted:
 *   node --conditions=instep-source tools/dev-platform.ts --data <folder> [--toolchain <folder>] [--kafka-port 19092] [--postgres-port 15432]
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startKafka } from '@instep/embedded-kafka';
import { startPostgres } from '@instep/embedded-postgres';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    toolchain: { type: 'string', default: '.instep/toolchain' },
    'kafka-port': { type: 'string', default: '19092' },
    'postgres-port': { type: 'string', default: '15432' },
  },
});
if (values.data === undefined) throw new Error('say where the data goes: --data <folder>');
const { data, toolchain } = values;

const postgres = await startPostgres({
  dataDir: join(data, 'postgres'),
  port: Number(values['postgres-port']),
  logFile: join(data, 'logs', 'postgres.log'),
  durable: false,
});
const kafka = await startKafka({
  dataDir: join(data, 'kafka'),
  port: Number(values['kafka-port']),
  controllerPort: Number(values['kafka-port']) + 1,
  jarsDir: join(toolchain, 'kafka'),
  logFile: join(data, 'logs', 'kafka.log'),
  profile: 'test',
  onStep: (line) => console.log(line),
});
console.log(`KAFKA_BROKERS=${kafka.brokers}\nDATABASE_URL=${postgres.url}`);

const stop = async () => {
  await Promise.all([kafka.stop(), postgres.stop()]);
  process.exit(0);
};
process.once('SIGINT', () => void stop());
process.once('SIGTERM', () => void stop());
