import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startKafkaCluster, type KafkaCluster } from './start-kafka-cluster.ts';

const jarsDir = fileURLToPath(new URL('../../../../.instep/toolchain/kafka', import.meta.url));

describe('three brokers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kafka-cluster-'));
  let cluster: KafkaCluster;
  beforeAll(async () => {
    cluster = await startKafkaCluster({ size: 3, dataDir: join(folder, 'data'), logDir: join(folder, 'logs'), jarsDir });
  }, 240_000);
  afterAll(async () => {
    await (cluster as KafkaCluster | undefined)?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it('tell who leads what, go on without one that was killed, controller and leader alike, and take it back', async () => {
    expect(cluster.brokers.split(',')).toHaveLength(3);
    await cluster.makeTopic('numbers', 3);
    await cluster.whole(60_000);
    expect((await cluster.partitions()).filter(({ topic }) => topic === 'numbers')).toMatchObject(
      [0, 1, 2].map((partition) => ({ partition })),
    );

    const leader = await cluster.leaderOf('numbers', 0);
    await leader.kill();
    expect(leader.running).toBe(false);
    expect(await eventually(async () => (await cluster.leaderOf('numbers', 0)).id !== leader.id)).toBe(true);
    await leader.start();
    await cluster.whole(60_000);

    const controller = await cluster.controller();
    await controller.kill();
    expect(await eventually(async () => (await cluster.controller()).id !== controller.id)).toBe(true);
    await controller.start();
    await cluster.whole(60_000);
  }, 240_000);

  it('delete a topic, and say so when there is none', async () => {
    await cluster.deleteTopic('numbers');
    expect(await eventually(async () => (await cluster.partitions()).every(({ topic }) => topic !== 'numbers'))).toBe(true);
    await expect(cluster.deleteTopic('numbers')).rejects.toThrow('numbers was not deleted');
  }, 60_000);
});

async function eventually(holds: () => Promise<boolean>): Promise<boolean> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (await holds().catch(() => false)) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}
