import { describe, expect, it } from '@jest/globals';
import { LogUnavailable, RecordTooLarge, type NewRecord, type TopicPartition } from '@instep/event-log';
import { silent } from '../settings.ts';
import type { ProducerSession } from './producer-session.ts';
import { StrictProducer } from './strict-producer.ts';

const MOST_BYTES = 1_000_000;
const at = (partition: number): TopicPartition => ({ topic: 'orders', partition });
const record = (n: number, bytes = 10): NewRecord => ({
  key: 'demo/1',
  type: 'order.placed',
  sequence: { epoch: 1, n },
  value: Buffer.alloc(bytes),
});
const numbers = (from: number, to: number): readonly NewRecord[] =>
  Array.from({ length: to - from + 1 }, (_, index) => record(from + index));

interface Sent {
  readonly session: number;
  readonly partition: number;
  readonly sequences: readonly (number | undefined)[];
  answer(baseOffset: number): void;
  fail(error: Error): void;
}

/** A broker under the test's hand: sessions count up, batches wait until they are answered. */
class Broker {
  readonly sent: Sent[] = [];
  readonly closed: number[] = [];
  opened = 0;
  refuses = false;

  readonly open = async (): Promise<ProducerSession> => {
    if (this.refuses) throw new Error('ECONNREFUSED');
    const session = ++this.opened;
    return {
      produce: (target, records) =>
        new Promise((resolve, reject) => {
          const sequences = records.map((each) => each.sequence?.n);
          this.sent.push({ session, partition: target.partition, sequences, answer: resolve, fail: reject });
        }),
      close: async () => void this.closed.push(session),
    };
  };

  last(): Sent {
    const last = this.sent.at(-1);
    if (!last) throw new Error('nothing was sent');
    return last;
  }
}

function setUp(): { broker: Broker; producer: StrictProducer } {
  const broker = new Broker();
  return { broker, producer: new StrictProducer({ open: broker.open, logger: silent }) };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe('the strict producer', () => {
  it('has one batch of a partition under way, and merges what waits into the next in the order of the calls', async () => {
    const { broker, producer } = setUp();
    const first = producer.append(at(0), numbers(1, 2), MOST_BYTES);
    await settle();
    const second = producer.append(at(0), numbers(3, 3), MOST_BYTES);
    const third = producer.append(at(0), numbers(4, 6), MOST_BYTES);
    await settle();
    expect(broker.sent.map((sent) => sent.sequences)).toEqual([[1, 2]]);
    broker.last().answer(100);
    await settle();
    expect(broker.sent.map((sent) => sent.sequences)).toEqual([
      [1, 2],
      [3, 4, 5, 6],
    ]);
    broker.last().answer(102);
    expect(await Promise.all([first, second, third])).toEqual([{ firstOffset: 100 }, { firstOffset: 102 }, { firstOffset: 103 }]);
  });

  it('sends to different partitions at once, each batch to one', async () => {
    const { broker, producer } = setUp();
    void producer.append(at(0), numbers(1, 1), MOST_BYTES);
    void producer.append(at(1), numbers(1, 2), MOST_BYTES);
    await settle();
    expect(broker.sent.map(({ partition, sequences }) => ({ partition, sequences }))).toEqual([
      { partition: 0, sequences: [1] },
      { partition: 1, sequences: [1, 2] },
    ]);
  });

  it('after a rejection sends the same records again by a new producer', async () => {
    const { broker, producer } = setUp();
    const lost = producer.append(at(0), numbers(1, 2), MOST_BYTES);
    await settle();
    broker.last().fail(new Error('timed out'));
    await expect(lost).rejects.toBeInstanceOf(LogUnavailable);
    const again = producer.append(at(0), numbers(1, 2), MOST_BYTES);
    await settle();
    expect(broker.sent.map(({ session, sequences }) => ({ session, sequences }))).toEqual([
      { session: 1, sequences: [1, 2] },
      { session: 2, sequences: [1, 2] },
    ]);
    expect(broker.closed).toEqual([1]);
    broker.last().answer(7);
    expect(await again).toEqual({ firstOffset: 7 });
  });

  it('rejects what waits behind a rejected batch, so that nothing overtakes it', async () => {
    const { broker, producer } = setUp();
    const lost = producer.append(at(0), numbers(1, 1), MOST_BYTES);
    await settle();
    const behind = producer.append(at(0), numbers(2, 2), MOST_BYTES);
    broker.last().fail(new Error('timed out'));
    await expect(lost).rejects.toBeInstanceOf(LogUnavailable);
    await expect(behind).rejects.toBeInstanceOf(LogUnavailable);
    expect(broker.sent).toHaveLength(1);
  });

  it('lets the other batches of an abandoned producer settle before it is closed', async () => {
    const { broker, producer } = setUp();
    const lost = producer.append(at(0), numbers(1, 1), MOST_BYTES);
    const other = producer.append(at(1), numbers(1, 1), MOST_BYTES);
    await settle();
    const [toZero, toOne] = broker.sent;
    toZero?.fail(new Error('timed out'));
    await expect(lost).rejects.toBeInstanceOf(LogUnavailable);
    await settle();
    expect(broker.closed).toEqual([]);
    toOne?.answer(5);
    expect(await other).toEqual({ firstOffset: 5 });
    await settle();
    expect(broker.closed).toEqual([1]);
  });

  it('rejects while no producer can be had, and goes on when one can', async () => {
    const { broker, producer } = setUp();
    broker.refuses = true;
    await expect(producer.append(at(0), numbers(1, 1), MOST_BYTES)).rejects.toMatchObject({ code: 'log/unavailable' });
    broker.refuses = false;
    const appended = producer.append(at(0), numbers(1, 1), MOST_BYTES);
    await settle();
    broker.last().answer(0);
    expect(await appended).toEqual({ firstOffset: 0 });
  });

  it('keeps the producer when a record is too large: the broker stored nothing and counted nothing', async () => {
    const { broker, producer } = setUp();
    const large = producer.append(at(0), numbers(1, 1), MOST_BYTES);
    await settle();
    broker.last().fail(new RecordTooLarge('refused'));
    await expect(large).rejects.toMatchObject({ code: 'log/record-too-large' });
    void producer.append(at(0), numbers(1, 1), MOST_BYTES);
    await settle();
    expect(broker.last().session).toBe(1);
  });

  it('cuts a call that is larger than the topic takes, sends the parts in order, and answers with the first offset', async () => {
    const { broker, producer } = setUp();
    const records = Array.from({ length: 5 }, (_, index) => record(index + 1, 40_000));
    const appended = producer.append(at(0), records, 100_000);
    for (const base of [50, 52, 54]) {
      await settle();
      broker.last().answer(base);
    }
    expect(await appended).toEqual({ firstOffset: 50 });
    expect(broker.sent.map((sent) => sent.sequences)).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('lets what it accepted settle when it is closed, and takes nothing after', async () => {
    const { broker, producer } = setUp();
    const appended = producer.append(at(0), numbers(1, 1), MOST_BYTES);
    await settle();
    const closing = producer.close();
    await expect(producer.append(at(0), numbers(2, 2), MOST_BYTES)).rejects.toMatchObject({ code: 'log/unavailable' });
    expect(broker.closed).toEqual([]);
    broker.last().answer(9);
    expect(await appended).toEqual({ firstOffset: 9 });
    await closing;
    expect(broker.closed).toEqual([1]);
  });
});
