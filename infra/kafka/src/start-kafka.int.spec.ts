import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { freePort, identify, portIsFree } from '@instep/local-process';
import { startKafka, type Kafka, type KafkaOptions } from './start-kafka.ts';

const jarsDir = fileURLToPath(new URL('../../../.instep/toolchain/kafka', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'embedded kafka '));
const started: Kafka[] = [];

afterAll(async () => {
  await Promise.all(started.map((kafka) => kafka.stop()));
  rmSync(folder, { recursive: true, force: true });
});

/** The first one on a machine also gets the jars. */
const firstStartMs = 180_000;

describe('the embedded Kafka', () => {
  it(
    'serves, refuses a second broker on its folder, ends completely, and starts again on other ports',
    async () => {
      const options = { dataDir: join(folder, 'data'), logFile: join(folder, 'kafka.log'), jarsDir, profile: 'test' } as const;
      const kafka = await start(options);
      await reach(kafka.brokers);
      await expect(startKafka(options)).rejects.toMatchObject({ code: 'platform/already-running' });

      await kafka.stop();
      expect(identify(kafka.pid)).toBeUndefined();
      expect(await portIsFree(portOf(kafka))).toBe(true);

      const again = await start(options);
      await reach(again.brokers);
    },
    firstStartMs,
  );

  it(
    'names a port that is taken',
    async () => {
      const port = await freePort();
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
      const options = { dataDir: join(folder, 'taken'), logFile: join(folder, 'taken.log'), jarsDir, port };
      await expect(startKafka(options)).rejects.toMatchObject({
        code: 'platform/port-taken',
        message: expect.stringContaining(String(port)) as unknown,
      });
      await new Promise((resolve) => other.close(resolve));
    },
    firstStartMs,
  );
});

async function start(options: KafkaOptions): Promise<Kafka> {
  const kafka = await startKafka(options);
  started.push(kafka);
  return kafka;
}

function portOf({ brokers }: Kafka): number {
  return Number(brokers.split(':')[1]);
}

function reach(brokers: string): Promise<void> {
  const [host = '', port = ''] = brokers.split(':');
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), host, () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
