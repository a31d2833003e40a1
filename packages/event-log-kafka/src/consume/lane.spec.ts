import { describe, expect, it, jest } from '@jest/globals';
import type { LogRecord, Slice, SliceAnswer } from '@instep/event-log';
import { Lane } from './lane.ts';
import { Turnstile } from './turnstile.ts';

const target = { topic: 'orders', partition: 0 };

function fetched(from: number, to: number): { records: readonly LogRecord[]; nextOffset: number; logEnd: number } {
  const records = Array.from({ length: to - from }, (_, index): LogRecord => {
    return { ...target, offset: from + index, key: 'k', type: 't', sequence: undefined, value: Buffer.alloc(0), timestamp: 0 };
  });
  return { records, nextOffset: to, logEnd: to };
}

function setUp(maxSlice = 10) {
  const slices: { readonly offsets: readonly number[]; answer(answer: SliceAnswer): void; fail(error: Error): void }[] = [];
  const onHungry = jest.fn();
  const onCrash = jest.fn();
  const lane = new Lane({
    target,
    nextOffset: 0,
    maxSlice,
    turnstile: new Turnstile(1),
    onSlice: (slice: Slice) =>
      new Promise((resolve, reject) => {
        slices.push({ offsets: slice.records.map((record) => record.offset), answer: resolve, fail: reject });
      }),
    onHungry,
    onCrash,
  });
  return { lane, slices, onHungry, onCrash };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe('a lane', () => {
  it('is hungry until it holds a whole slice, and again when the slice is done', async () => {
    const { lane, slices, onHungry } = setUp();
    expect(lane.hungry).toBe(true);
    lane.offer(0, fetched(0, 12));
    await settle();
    expect(lane.hungry).toBe(false);
    slices[0]?.answer({ kind: 'continue', nextOffset: 10 });
    await settle();
    expect(lane.hungry).toBe(true);
    expect(onHungry).toHaveBeenCalledTimes(1);
    expect(slices.map((slice) => slice.offsets.length)).toEqual([10, 2]);
  });

  it('takes no records of a fetch that began before it was told to go elsewhere', async () => {
    const { lane, slices } = setUp();
    lane.offer(0, fetched(0, 3));
    await settle();
    slices[0]?.answer({ kind: 'continue', nextOffset: 1 });
    await settle();
    expect(lane.fetchOffset).toBe(3);
    slices[1]?.answer({ kind: 'continue', nextOffset: 0 });
    await settle();
    expect(lane.fetchOffset).toBe(0);
    lane.offer(3, fetched(3, 6));
    await settle();
    expect(slices).toHaveLength(2);
    lane.offer(0, fetched(0, 6));
    await settle();
    expect(slices[2]?.offsets).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('goes ahead within what it holds without fetching again', async () => {
    const { lane, slices } = setUp(2);
    lane.offer(0, fetched(0, 9));
    await settle();
    slices[0]?.answer({ kind: 'continue', nextOffset: 7 });
    await settle();
    expect(slices[1]?.offsets).toEqual([7, 8]);
    expect(lane.fetchOffset).toBe(9);
  });

  it('crashes the consumption when the handler rejects, and hands out nothing more', async () => {
    const { lane, slices, onCrash } = setUp();
    lane.offer(0, fetched(0, 3));
    await settle();
    slices[0]?.fail(new Error('a defect'));
    await settle();
    expect(onCrash).toHaveBeenCalledTimes(1);
    lane.offer(3, fetched(3, 6));
    await settle();
    expect(slices).toHaveLength(1);
  });

  it('hands out nothing after it was closed, and waits for the slice under way', async () => {
    const { lane, slices } = setUp(2);
    lane.offer(0, fetched(0, 9));
    await settle();
    let closed = false;
    const closing = lane.close().then(() => (closed = true));
    await settle();
    expect(closed).toBe(false);
    slices[0]?.answer({ kind: 'continue', nextOffset: 2 });
    await closing;
    expect(lane.nextOffset).toBe(2);
    expect(slices).toHaveLength(1);
  });
});
