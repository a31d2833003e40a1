import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Consumption, EventLog, SliceAnswer, Subscription } from '../event-log.ts';
import type { LogRecord, NewRecord, TopicPartition } from '../record.ts';
import { gate } from './gate.ts';
import { goOn, nameOf, RecordingConsumer } from './recording-consumer.ts';
import type { ConformanceTopic } from './conformance-topic.ts';
import { describeReading, READ_TOPICS } from './describe-reading.ts';
import { numbered, range, record, textOf } from './numbered-records.ts';
import { until } from './until.ts';

/** Makes the topics, each taking records of up to about 1 MB, and gives a log that has them. Called once; the suite closes the log. */
export type MakeEventLog = (topics: readonly ConformanceTopic[]) => Promise<EventLog>;

const PARTITIONS = {
  order: 1,
  bytes: 1,
  waiting: 2,
  keys: 4,
  ...READ_TOPICS,
  large: 1,
  positions: 2,
  laterWriter: 1,
  oneAtOnce: 2,
  pausing: 2,
  seeking: 1,
  stopped: 2,
  ending: 1,
  late: 1,
  sharing: 4,
  groups: 1,
  crashing: 1,
  rejecting: 1,
  ahead: 1,
} as const;
type TopicOfSuite = keyof typeof PARTITIONS;

const STOP_DEADLINE_MS = 5_000;

/** What every adapter of the event log does. Waits for conditions only; topics and groups are new in each run. */
export function describeEventLog(name: string, make: MakeEventLog): void {
  describe(`${name} as an event log`, () => {
    const run = randomUUID().slice(0, 8);
    const topic = (of: TopicOfSuite): string => `conformance-${run}-${of.toLowerCase()}`;
    const at = (of: TopicOfSuite, partition = 0): TopicPartition => ({ topic: topic(of), partition });
    const group = (of: string): string => `conformance-${run}.${of}`;
    const consumptions: Consumption[] = [];
    let log: EventLog;

    beforeAll(async () => {
      log = await make(Object.entries(PARTITIONS).map(([of, partitions]) => ({ name: topic(of as TopicOfSuite), partitions })));
    });
    afterEach(async () => {
      await Promise.all(consumptions.splice(0).map((consumption) => consumption.stop(STOP_DEADLINE_MS)));
    });
    afterAll(async () => {
      await log.close();
    });

    async function consume(subscription: Subscription): Promise<Consumption> {
      const consumption = await log.consume(subscription);
      consumptions.push(consumption);
      return consumption;
    }

    async function readAll(target: TopicPartition, from = 0, to = Number.MAX_SAFE_INTEGER): Promise<readonly LogRecord[]> {
      const records: LogRecord[] = [];
      for await (const batch of log.read(target, from, to)) records.push(...batch);
      return records;
    }

    describe('appending', () => {
      it('stores records in order and answers the offset of the first', async () => {
        expect(await log.append(at('order'), numbered(0, 3))).toEqual({ firstOffset: 0 });
        expect(await log.append(at('order'), numbered(3, 5))).toEqual({ firstOffset: 3 });
        const records = await readAll(at('order'));
        expect(records.map((record) => record.offset)).toEqual([0, 1, 2, 3, 4]);
        expect(records.map(textOf)).toEqual(['0', '1', '2', '3', '4']);
      });

      it('keeps key, type, sequence and every byte of the value', async () => {
        const value = Buffer.from(Array.from({ length: 512 }, (_, index) => index % 256));
        const before = Date.now();
        await log.append(at('bytes'), [
          { key: 'demo/größe-店', type: 'order.placed', sequence: { epoch: 2, n: 9_007_199_254_740_991, serial: 12 }, value },
          { key: 'demo/1', type: 'order.placed', sequence: undefined, value: Buffer.alloc(0) },
        ]);
        const [first, second] = await readAll(at('bytes'));
        expect(first).toMatchObject({ ...at('bytes'), offset: 0, key: 'demo/größe-店', type: 'order.placed' });
        expect(first?.sequence).toEqual({ epoch: 2, n: 9_007_199_254_740_991, serial: 12 });
        expect(first?.value.equals(value)).toBe(true);
        expect(first?.timestamp).toBeGreaterThanOrEqual(before - 1);
        expect(first?.timestamp).toBeLessThanOrEqual(Date.now() + 1);
        expect(second?.sequence).toBeUndefined();
        expect(second?.value).toHaveLength(0);
      });

      it('keeps the order in which appends to one partition were called, without waiting between them', async () => {
        const calls = Array.from({ length: 40 }, (_, call) => log.append(at('waiting', call % 2), numbered(call * 3, call * 3 + 3)));
        const answers = await Promise.all(calls);
        for (const partition of [0, 1]) {
          const records = await readAll(at('waiting', partition));
          const expected = answers.flatMap((_, call) => (call % 2 === partition ? numbered(call * 3, call * 3 + 3).map(textOf) : []));
          expect(records.map(textOf)).toEqual(expected);
          for (const [call, { firstOffset }] of answers.entries()) {
            if (call % 2 === partition) expect(records[firstOffset]?.value.toString()).toBe(String(call * 3));
          }
        }
      });

      it('refuses a topic or a partition that does not exist', async () => {
        await expect(log.append({ topic: `absent-${run}`, partition: 0 }, numbered(0, 1))).rejects.toMatchObject({
          code: 'log/unknown-topic',
        });
        await expect(log.append(at('order', 7), numbered(0, 1))).rejects.toMatchObject({ code: 'log/unknown-topic' });
        await expect(log.partitionFor(`absent-${run}`, 'key')).rejects.toMatchObject({ code: 'log/unknown-topic' });
        await expect(log.bounds(`absent-${run}`)).rejects.toMatchObject({ code: 'log/unknown-topic' });
      });

      it('refuses a record that is too large, and goes on with the next', async () => {
        const large: NewRecord = { key: 'demo/large', type: 'large', sequence: undefined, value: Buffer.alloc(2_000_000) };
        await expect(log.append(at('large'), [large])).rejects.toMatchObject({ code: 'log/record-too-large' });
        expect(await log.append(at('large'), numbered(0, 1))).toEqual({ firstOffset: 0 });
      });

      it('takes many records at once although together they are larger than the largest record', async () => {
        const { next } = await boundsOf('large');
        const value = Buffer.alloc(300_000, 7);
        const records = Array.from({ length: 8 }, (_, n): NewRecord => ({
          key: `demo/${n}`,
          type: 'big',
          sequence: { epoch: 1, n },
          value,
        }));
        expect(await log.append(at('large'), records)).toEqual({ firstOffset: next });
        const stored = await readAll(at('large'), next);
        expect(stored.map((record) => record.sequence?.n)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      });
    });

    describe('keys', () => {
      it('gives a key the same partition each time, and spreads keys over all partitions', async () => {
        const keys = Array.from({ length: 100 }, (_, n) => `demo/order-${n}`);
        const first = await Promise.all(keys.map((key) => log.partitionFor(topic('keys'), key)));
        const again = await Promise.all(keys.map((key) => log.partitionFor(topic('keys'), key)));
        expect(again).toEqual(first);
        expect([...new Set(first)].sort()).toEqual([0, 1, 2, 3]);
      });

      it('gives a key the partition that every Kafka client gives it', async () => {
        // murmur2('foobar') = -790332482; with the sign bit cleared 1357151166.
        expect(await log.partitionFor(topic('keys'), 'foobar')).toBe(1_357_151_166 % 4);
      });

      it('hands out the records of one key in the order they were appended', async () => {
        const keys = ['demo/a', 'demo/b', 'demo/c', 'demo/d', 'demo/e'];
        for (let n = 0; n < 20; n++) {
          await Promise.all(
            keys.map(async (key) => log.append(at('keys', await log.partitionFor(topic('keys'), key)), [{ ...record(n), key }])),
          );
        }
        const consumer = new RecordingConsumer();
        await consume(consumer.subscription(group('keys'), [topic('keys')]));
        await until('all records', () => consumer.records.length >= 100);
        const inOrder = Array.from({ length: 20 }, (_, n) => String(n));
        for (const key of keys) expect(consumer.records.filter((each) => each.key === key).map(textOf)).toEqual(inOrder);
      });
    });

    describeReading({ log: () => log, append: (target, records) => log.append(target, records), topic, absent: `absent-${run}` });

    describe('consuming', () => {
      it('starts in each partition where the caller says, and hands out no record twice', async () => {
        await log.append(at('positions', 0), numbered(0, 30));
        await log.append(at('positions', 1), numbered(0, 25));
        const consumer = new RecordingConsumer(new Map([[nameOf(at('positions', 0)), 12]]));
        const consumption = await consume(consumer.subscription(group('positions'), [topic('positions')]));
        expect(consumption.healthy()).toBe(true);
        expect(sortedNames(consumption.assigned())).toEqual([nameOf(at('positions', 0)), nameOf(at('positions', 1))]);
        await until('all records', () => consumer.records.length >= 43);
        expect(consumer.recordsOf(0).map((each) => each.offset)).toEqual(range(12, 30));
        expect(consumer.recordsOf(1).map((each) => each.offset)).toEqual(range(0, 25));
        expect(Math.max(...consumer.slices.map((slice) => slice.records.length))).toBeLessThanOrEqual(10);
        expect(consumer.slices.at(-1)?.logEnd).toBeGreaterThanOrEqual(25);
      });

      it('hands out what is appended later', async () => {
        const consumer = new RecordingConsumer();
        await consume(consumer.subscription(group('later'), [topic('laterWriter')]));
        for (let n = 0; n < 5; n++) {
          await log.append(at('laterWriter'), [record(n)]);
          await until(`record ${n}`, () => consumer.records.length > n);
        }
        expect(consumer.records.map(textOf)).toEqual(['0', '1', '2', '3', '4']);
      });

      it('has at most one slice of a partition under way, and those of different partitions at once', async () => {
        await log.append(at('oneAtOnce', 0), numbered(0, 30));
        await log.append(at('oneAtOnce', 1), numbered(0, 30));
        const consumer = new RecordingConsumer();
        const seen = new Set<number>();
        await consume(
          consumer.subscription(group('one-at-once'), [topic('oneAtOnce')], async (slice) => {
            seen.add(slice.partition);
            await until('a slice of the other partition', () => seen.size === 2);
            return goOn(slice);
          }),
        );
        await until('all records', () => consumer.records.length >= 60);
        expect(consumer.mostAtOnceOfOnePartition).toBe(1);
        expect(consumer.mostAtOnce).toBe(2);
      });

      it('goes on with other partitions while one waits, then hands that one out again', async () => {
        const consumer = new RecordingConsumer();
        let pauses = 0;
        await consume(
          consumer.subscription(group('pausing'), [topic('pausing')], (slice): SliceAnswer => {
            if (slice.partition === 1 || pauses === 2) return goOn(slice);
            pauses += 1;
            return { kind: 'pause', nextOffset: slice.records[0]?.offset ?? 0, ms: 300 };
          }),
        );
        await log.append(at('pausing', 0), [record(0)]);
        await until('the pause', () => pauses === 1);
        await log.append(at('pausing', 1), numbered(0, 15));
        await until('the other partition', () => consumer.recordsOf(1).length === 15);
        expect(pauses).toBe(1);
        await until('the paused record once more', () => consumer.recordsOf(0).length === 3);
        expect(consumer.recordsOf(0).map((each) => each.offset)).toEqual([0, 0, 0]);
        await log.append(at('pausing', 0), [record(1)]);
        await until('the next record', () => consumer.recordsOf(0).at(-1)?.offset === 1);
      });

      it('goes back, or ahead, to where an answer says', async () => {
        await log.append(at('seeking'), numbered(0, 40));
        const consumer = new RecordingConsumer();
        const answers = [5, 8, 30];
        await consume(
          consumer.subscription(group('seeking'), [topic('seeking')], (slice) => {
            const nextOffset = answers.shift();
            return nextOffset === undefined ? goOn(slice) : { kind: 'continue', nextOffset };
          }),
        );
        await until('the last record', () => consumer.records.at(-1)?.offset === 39);
        expect(consumer.slices.map((slice) => slice.records[0]?.offset).slice(0, 4)).toEqual([0, 5, 8, 30]);
        expect(consumer.slices.slice(3).flatMap((slice) => slice.records.map((each) => each.offset))).toEqual(range(30, 40));
      });

      it('hands out nothing more of a partition that was stopped, while others go on', async () => {
        const consumer = new RecordingConsumer();
        await consume(
          consumer.subscription(group('stopped'), [topic('stopped')], (slice) => (slice.partition === 0 ? { kind: 'stop' } : goOn(slice))),
        );
        await log.append(at('stopped', 0), [record(0)]);
        await until('the slice that stops', () => consumer.recordsOf(0).length === 1);
        await log.append(at('stopped', 0), [record(1)]);
        await log.append(at('stopped', 1), numbered(0, 30));
        await until('the other partition', () => consumer.recordsOf(1).length === 30);
        expect(consumer.recordsOf(0)).toHaveLength(1);
      });

      it('serves each group on its own', async () => {
        await log.append(at('groups'), numbered(0, 20));
        const [one, other] = [new RecordingConsumer(), new RecordingConsumer()];
        await Promise.all([
          consume(one.subscription(group('groups.one'), [topic('groups')])),
          consume(other.subscription(group('groups.other'), [topic('groups')])),
        ]);
        await until('both', () => one.records.length === 20 && other.records.length === 20);
      });

      it('refuses to consume a topic that does not exist', async () => {
        const consumer = new RecordingConsumer();
        await expect(log.consume(consumer.subscription(group('absent'), [`absent-${run}`]))).rejects.toMatchObject({
          code: 'log/unknown-topic',
        });
      });
    });

    describe('membership', () => {
      it('waits for the slice under way when it is stopped, and hands out nothing after', async () => {
        await log.append(at('ending'), numbered(0, 40));
        const consumer = new RecordingConsumer();
        const answer = gate();
        const consumption = await consume(
          consumer.subscription(group('ending'), [topic('ending')], async (slice) => {
            await answer.opened;
            return goOn(slice);
          }),
        );
        await until('the first slice', () => consumer.slices.length === 1);
        let stopped = false;
        const stopping = consumption.stop(STOP_DEADLINE_MS).then(() => (stopped = true));
        await until('no longer healthy', () => !consumption.healthy());
        expect(stopped).toBe(false);
        answer.open();
        await stopping;
        expect(consumer.positions.get(nameOf(at('ending')))).toBe(10);
        await log.append(at('ending'), [record(40)]);
        expect(consumer.slices).toHaveLength(1);
        expect(consumption.assigned()).toEqual([]);
        expect(consumer.crashes).toEqual([]);
      });

      it('does not wait for a slice longer than the deadline', async () => {
        await log.append(at('late'), [record(0)]);
        const consumer = new RecordingConsumer();
        const answer = gate();
        const consumption = await consume(
          consumer.subscription(group('late'), [topic('late')], async (slice) => {
            await answer.opened;
            return goOn(slice);
          }),
        );
        await until('the slice', () => consumer.slices.length === 1);
        await consumption.stop(100);
        expect(consumer.positions.size).toBe(0);
        answer.open();
      });

      it('shares partitions between two members, and gives those of a leaving one to the other', async () => {
        const positions = new Map<string, number>();
        const [one, other] = [new RecordingConsumer(positions), new RecordingConsumer(positions)];
        const first = await consume(one.subscription(group('sharing'), [topic('sharing')]));
        expect(first.assigned()).toHaveLength(4);
        for (const partition of range(0, 4)) await log.append(at('sharing', partition), numbered(0, 20));
        await until('the first member has all', () => one.records.length === 80);

        const second = await consume(other.subscription(group('sharing'), [topic('sharing')]));
        await until('two partitions each', () => first.assigned().length === 2 && second.assigned().length === 2);
        expect(sortedNames([...first.assigned(), ...second.assigned()])).toEqual(
          range(0, 4).map((partition) => nameOf(at('sharing', partition))),
        );
        for (const partition of range(0, 4)) await log.append(at('sharing', partition), numbered(20, 40));
        await until('both have theirs', () => one.records.length + other.records.length === 160);
        expect(other.records).toHaveLength(40);

        await first.stop(STOP_DEADLINE_MS);
        await until('the second has all', () => second.assigned().length === 4);
        for (const partition of range(0, 4)) await log.append(at('sharing', partition), numbered(40, 60));
        await until('the second got the rest', () => one.records.length + other.records.length === 240);
        expect(one.records).toHaveLength(120);
        const all = [...one.records, ...other.records];
        for (const partition of range(0, 4)) {
          const offsets = all.filter((each) => each.partition === partition).map((each) => each.offset);
          expect(offsets.sort((a, b) => a - b)).toEqual(range(0, 60));
        }
        expect([...one.crashes, ...other.crashes]).toEqual([]);
      });

      it('ends the consumption with onCrash when startAt rejects', async () => {
        const consumer = new RecordingConsumer();
        const consumption = await consume({
          ...consumer.subscription(group('crashing'), [topic('crashing')]),
          startAt: () => Promise.reject(new Error('the database is away')),
        });
        await until('the crash', () => consumer.crashes.length > 0);
        expect(consumer.crashes.map((error) => error.message)).toEqual(['the database is away']);
        expect(consumption.healthy()).toBe(false);
      });

      it('ends the consumption with onCrash when startAt names an offset ahead of the log', async () => {
        await log.append(at('ahead'), numbered(0, 3));
        const consumer = new RecordingConsumer(new Map([[nameOf(at('ahead')), 4]]));
        await consume(consumer.subscription(group('ahead'), [topic('ahead')]));
        await until('the crash', () => consumer.crashes.length > 0);
        expect(consumer.crashes).toMatchObject([{ code: 'log/offset-out-of-range' }]);
        expect(consumer.records).toEqual([]);
      });

      it('ends the consumption with onCrash when onSlice rejects', async () => {
        await log.append(at('rejecting'), numbered(0, 3));
        const consumer = new RecordingConsumer();
        const consumption = await consume(
          consumer.subscription(group('rejecting'), [topic('rejecting')], () => Promise.reject(new TypeError('a defect'))),
        );
        await until('the crash', () => consumer.crashes.length > 0);
        expect(consumer.crashes).toHaveLength(1);
        expect(consumer.crashes[0]?.cause).toMatchObject({ message: 'a defect' });
        expect(consumption.healthy()).toBe(false);
      });
    });

    async function boundsOf(of: TopicOfSuite): Promise<{ next: number }> {
      const [bounds] = await log.bounds(topic(of));
      return { next: bounds?.next ?? 0 };
    }
  });
}

function sortedNames(targets: readonly TopicPartition[]): readonly string[] {
  return targets.map(nameOf).sort();
}
