import { describe, expect, it } from '@jest/globals';
import type { NewRecord } from '@instep/event-log';
import type { Broker, Cluster, WireRequest } from '../kafkajs/internals.ts';
import type { ProducePartAnswer } from '../wire/requests.ts';
import { IdempotentSession } from './producer-session.ts';

const target = { topic: 'orders', partition: 0 };
const record = (n: number): NewRecord => ({
  key: 'demo/1',
  type: 'order.placed',
  sequence: { epoch: 1, n },
  value: Buffer.from(String(n)),
});

type Reaction = number | Error;

/** Answers each request by the next of `reactions`: an error code (0 stores at offset 40), or a failure of the connection. */
async function sessionOn(
  reactions: readonly Reaction[],
  appendTimeoutMs = 5_000,
): Promise<{ session: IdempotentSession; batches: Buffer[] }> {
  const left = [...reactions];
  const batches: Buffer[] = [];
  const send = async (request: WireRequest<{ readonly parts: readonly ProducePartAnswer[] }>): Promise<unknown> => {
    const { buffer } = await request.request.encode();
    // The batch is the last thing in a request for one partition, after 4 bytes of its length.
    batches.push(buffer.subarray(12 + 2 + target.topic.length + 12));
    const reaction = left.shift() ?? 0;
    if (reaction instanceof Error) throw reaction;
    return { parts: [{ ...target, errorCode: reaction, baseOffset: reaction === 0 ? 40 : -1 }] };
  };
  const broker = { connectionPool: { pool: [], send } } as unknown as Broker;
  const cluster = {
    brokerPool: { brokers: {} },
    addMultipleTargetTopics: async () => {},
    refreshMetadata: async () => {},
    refreshMetadataIfNecessary: async () => {},
    disconnect: async () => {},
    findTopicPartitionMetadata: () => [{ partitionId: 0, leader: 1 }],
    findBroker: async () => broker,
  } as unknown as Cluster;
  return { session: new IdempotentSession(cluster, { producerId: 77n, producerEpoch: 0, appendTimeoutMs }), batches };
}

const sequenceOf = (batch: Buffer | undefined): number | undefined => batch?.readInt32BE(53);
const NOT_LEADER = 6;
const OUT_OF_ORDER = 45;
const TOO_LARGE = 10;

describe('a producer session', () => {
  it('sends the very same bytes again when the answer was lost or the leader has moved', async () => {
    const { session, batches } = await sessionOn([new Error('connection closed'), NOT_LEADER, 0]);
    expect(await session.produce(target, [record(1), record(2)])).toBe(40);
    expect(batches).toHaveLength(3);
    expect(batches[1]?.equals(batches[0] ?? Buffer.alloc(0))).toBe(true);
    expect(batches[2]?.equals(batches[0] ?? Buffer.alloc(0))).toBe(true);
  });

  it('moves its number on by the records that were acknowledged', async () => {
    const { session, batches } = await sessionOn([]);
    await session.produce(target, [record(1), record(2)]);
    await session.produce(target, [record(3)]);
    await session.produce(target, [record(4)]);
    expect(batches.map(sequenceOf)).toEqual([0, 2, 3]);
  });

  it('gives up at once where the numbers are in doubt', async () => {
    const { session, batches } = await sessionOn([OUT_OF_ORDER]);
    await expect(session.produce(target, [record(1)])).rejects.toMatchObject({ code: 'log/unavailable' });
    expect(batches).toHaveLength(1);
  });

  it('gives up in time', async () => {
    const { session } = await sessionOn(
      Array.from({ length: 50 }, () => new Error('connection closed')),
      50,
    );
    await expect(session.produce(target, [record(1)])).rejects.toMatchObject({ code: 'log/unavailable' });
  });

  it('blames a refused size on a record only when it was alone', async () => {
    const one = await sessionOn([TOO_LARGE]);
    await expect(one.session.produce(target, [record(1)])).rejects.toMatchObject({ code: 'log/record-too-large' });
    const two = await sessionOn([TOO_LARGE]);
    await expect(two.session.produce(target, [record(1), record(2)])).rejects.toMatchObject({ code: 'log/unavailable' });
  });
});
