import { describe, expect, it } from '@jest/globals';
import { LogUnavailable, type EventLog, type NewRecord } from '@instep/event-log';
import { randomUUID } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { createTopics, kafkaLog } from '../src/index.ts';
import { givenBroker } from './given-broker.ts';

const PARTITIONS = 6;
const LOGS = 20;

/** What `use` opened and has not given back once it is done. */
async function leftOpen(use: () => Promise<void>): Promise<readonly Socket[]> {
  const opened: Socket[] = [];
  const note = (message: unknown): void => void opened.push((message as { socket: Socket }).socket);
  subscribe('net.client.socket', note);
  try {
    await use();
    // Whoever opens one more after the end does so in one of the next turns.
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    return opened.filter((socket) => !socket.destroyed);
  } finally {
    unsubscribe('net.client.socket', note);
  }
}

async function givenTopic(): Promise<string> {
  const topic = `given-back-${randomUUID()}`;
  await createTopics(givenBroker(), [{ name: topic, partitions: PARTITIONS }], { replicationFactor: 1 });
  const log = kafkaLog(givenBroker());
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition);
  const records = Array.from({ length: 20 }, (_, n): NewRecord => ({
    key: `demo/${n}`,
    type: 'number.said',
    sequence: { epoch: 1, n },
    value: Buffer.from(`${n}`),
  }));
  await Promise.all(partitions.map((partition) => log.append({ topic, partition }, records)));
  await log.close();
  return topic;
}

/** Reads all partitions at once, and leaves each after `slices`. Whether the log was closed meanwhile is of no concern. */
async function readAll(log: EventLog, topic: string, slices: number): Promise<void> {
  const reads = Array.from({ length: PARTITIONS }, async (_, partition) => {
    let left = slices;
    for await (const records of log.read({ topic, partition }, 0, Number.POSITIVE_INFINITY)) {
      if (records.length > 0 && --left <= 0) return;
    }
  });
  for (const { reason } of (await Promise.allSettled(reads)).filter((each) => each.status === 'rejected')) {
    if (!(reason instanceof LogUnavailable)) throw reason;
  }
}

describe('the connections of a log on Kafka', () => {
  it('are all given back when many partitions were read at once', async () => {
    const topic = await givenTopic();
    const left = await leftOpen(async () => {
      for (let n = 0; n < LOGS; n++) {
        const log = kafkaLog(givenBroker());
        await readAll(log, topic, 1);
        await log.close();
      }
    });
    expect(left.length).toBe(0);
  });

  it('are all given back when the log is closed at any moment of a read', async () => {
    const topic = await givenTopic();
    const left = await leftOpen(async () => {
      const logs = Array.from({ length: LOGS }, async (_, n) => {
        const log = kafkaLog(givenBroker());
        const reading = readAll(log, topic, Number.POSITIVE_INFINITY);
        for (let turn = 0; turn < n * 4; turn++) await new Promise((resolve) => setImmediate(resolve));
        await log.close();
        await reading;
      });
      await Promise.all(logs);
    });
    expect(left.length).toBe(0);
  });
});
