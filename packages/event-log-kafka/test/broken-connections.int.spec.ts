import { describe, expect, it } from '@jest/globals';
import type { NewRecord, TopicPartition } from '@instep/event-log';
import { randomUUID } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { createTopics, kafkaLog, verifyTopics } from '../src/index.ts';
import { givenBroker } from './given-broker.ts';

/** Sockets opened while `use` runs. */
async function watchingSockets<T>(use: (sockets: () => readonly Socket[]) => Promise<T>): Promise<T> {
  const opened: Socket[] = [];
  const note = (message: unknown): void => void opened.push((message as { socket: Socket }).socket);
  subscribe('net.client.socket', note);
  try {
    return await use(() => opened.filter((socket) => !socket.destroyed));
  } finally {
    unsubscribe('net.client.socket', note);
  }
}

describe('the log on Kafka, when connections break again and again', () => {
  it('loses nothing that was acknowledged, keeps the order, and goes on by itself', async () => {
    const topic = `broken-${randomUUID()}`;
    await createTopics(givenBroker(), [{ name: topic, partitions: 1 }], { replicationFactor: 1 });
    await watchingSockets(async (sockets) => {
      const log = kafkaLog({ ...givenBroker(), appendTimeoutMs: 5_000 });
      const target: TopicPartition = { topic, partition: 0 };
      const crashes: Error[] = [];
      const seen: number[] = [];
      let nextOffset = 0;
      await log.consume({
        group: topic,
        topics: [topic],
        startAt: async (assigned) => assigned.map((each) => ({ ...each, nextOffset })),
        onSlice: async ({ records }) => {
          // As a database does it: what was applied already is not applied again.
          const fresh = records.filter((record) => record.offset >= nextOffset);
          seen.push(...fresh.map((record) => record.sequence?.n ?? 0));
          nextOffset = (records.at(-1)?.offset ?? 0) + 1;
          return { kind: 'continue', nextOffset };
        },
        onCrash: (error) => void crashes.push(error),
      });
      const last = 300;
      for (let n = 1; n <= last; n++) {
        if (n % 15 === 0) sockets()[n % sockets().length]?.destroy(new Error('cut'));
        await appendUntilAcknowledged(log, target, n);
      }
      const deadline = Date.now() + 15_000;
      while (seen.at(-1) !== last && Date.now() < deadline) await new Promise((resolve) => setImmediate(resolve));
      const withoutRepeats = seen.filter((n, index) => n > Math.max(0, ...seen.slice(0, index)));
      expect(withoutRepeats).toEqual(Array.from({ length: last }, (_, index) => index + 1));
      expect(crashes).toEqual([]);
      await log.close();
    });
  });
});

describe('topics on Kafka, when the connection breaks while they are asked about', () => {
  it('are told as unavailable for now, whatever the client below calls it', async () => {
    let answered = false;
    const cutAfterTheFirst = (message: unknown): void => {
      const { socket } = message as { socket: Socket };
      const cut = (): void => void socket.destroy(new Error('cut'));
      socket.once('connect', () => answered && cut());
      socket.once('data', () => {
        answered = true;
        setImmediate(cut);
      });
    };
    subscribe('net.client.socket', cutAfterTheFirst);
    try {
      await expect(verifyTopics(givenBroker(), [{ name: 'orders', partitions: 1 }], { replicationFactor: 1 })).rejects.toMatchObject({
        code: 'log/unavailable',
      });
    } finally {
      unsubscribe('net.client.socket', cutAfterTheFirst);
    }
  });
});

async function appendUntilAcknowledged(log: ReturnType<typeof kafkaLog>, target: TopicPartition, n: number): Promise<void> {
  const record: NewRecord = { key: 'demo/1', type: 'number.said', sequence: { epoch: 1, n }, value: Buffer.from(String(n)) };
  for (;;) {
    try {
      await log.append(target, [record]);
      return;
    } catch (error) {
      expect(error).toMatchObject({ code: 'log/unavailable' });
    }
  }
}
