import { describe, expect, it } from '@jest/globals';
import type { Broker } from '../kafkajs/internals.ts';
import type { ProducePartAnswer } from '../wire/requests.ts';
import { LeaderChannel } from './leader-channel.ts';

type Answer = { readonly parts: readonly ProducePartAnswer[] };

/** Brokers of a test answer with what it says; the bytes of requests are the wire's own matter. */
function channelTo(answers: readonly (Answer | Error)[]): { channel: LeaderChannel; requests: () => number } {
  const left = [...answers];
  let requests = 0;
  const send = async (): Promise<unknown> => {
    requests += 1;
    const answer = left.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const broker = { connectionPool: { pool: [], send } } as unknown as Broker;
  return { channel: new LeaderChannel(async () => broker, 1000), requests: () => requests };
}

const part = (partition: number) => ({ topic: 'orders', partition, batch: Buffer.alloc(10) });
const stored = (partition: number, baseOffset: number, errorCode = 0): ProducePartAnswer => ({
  topic: 'orders',
  partition,
  errorCode,
  baseOffset,
});

describe('the channel to a leading broker', () => {
  it('answers each batch by its own partition', async () => {
    const { channel, requests } = channelTo([{ parts: [stored(1, 20), stored(0, 10, 6)] }]);
    expect(await Promise.all([channel.send(part(0)), channel.send(part(1))])).toEqual([stored(0, 10, 6), stored(1, 20)]);
    expect(requests()).toBe(1);
  });

  it('takes an answer that does not name the partition for a rejection', async () => {
    const { channel } = channelTo([{ parts: [stored(1, 20)] }]);
    const [zero, one] = await Promise.allSettled([channel.send(part(0)), channel.send(part(1))]);
    expect(zero).toMatchObject({ status: 'rejected', reason: { message: 'the answer does not name orders/0' } });
    expect(one).toMatchObject({ status: 'fulfilled' });
  });

  it('rejects all batches of a request that failed, and goes on with the next', async () => {
    const { channel } = channelTo([new Error('closed'), { parts: [stored(0, 1)] }]);
    const [zero, one] = await Promise.allSettled([channel.send(part(0)), channel.send(part(1))]);
    expect([zero.status, one.status]).toEqual(['rejected', 'rejected']);
    expect(await channel.send(part(0))).toEqual(stored(0, 1));
  });
});
