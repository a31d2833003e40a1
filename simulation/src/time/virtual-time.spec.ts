import { describe, expect, it } from '@jest/globals';

import { random } from './random.ts';
import { VirtualTime } from './virtual-time.ts';

const timeOf = (seed: string): VirtualTime => new VirtualTime(random(seed), 1_000);
const all = (): boolean => true;

describe('virtual time', () => {
  it('runs what is due in order, and stands at that moment meanwhile', async () => {
    const time = timeOf('a');
    const seen: string[] = [];
    for (const ms of [30, 10, 20]) time.after(ms, () => seen.push(`${String(ms)} at ${String(time.now())}`));
    await time.run(all);
    expect(seen).toEqual(['10 at 1010', '20 at 1020', '30 at 1030']);
  });

  it('lets the seed decide the order of what is due at one moment', async () => {
    const orderOf = async (seed: string): Promise<string> => {
      const time = timeOf(seed);
      let order = '';
      for (const name of 'abcdefgh') time.after(5, () => (order += name));
      await time.run(all);
      return order;
    };
    expect(await orderOf('a')).toBe(await orderOf('a'));
    const orders = new Set(await Promise.all(['a', 'b', 'c', 'd'].map(orderOf)));
    expect(orders.size).toBe(4);
  });

  it('runs everything that a task made ready before the next task, however many promises that takes', async () => {
    const time = timeOf('a');
    const seen: string[] = [];
    time.after(1, () => {
      void (async () => {
        for (let n = 0; n < 200; n += 1) await Promise.resolve();
        seen.push('first and all that follows from it');
      })();
    });
    time.after(2, () => seen.push('second'));
    await time.run(all);
    expect(seen).toEqual(['first and all that follows from it', 'second']);
  });

  it('never runs a task within the call, and not at all when it was taken back', async () => {
    const time = timeOf('a');
    const seen: string[] = [];
    time.after(0, () => seen.push('kept'));
    const takeBack = time.after(0, () => seen.push('taken back'));
    expect(seen).toEqual([]);
    takeBack();
    await time.run(all);
    expect(seen).toEqual(['kept']);
    expect(time.steps).toBe(1);
  });

  it('wakes a sleeper early when told', async () => {
    const time = timeOf('a');
    const early = new AbortController();
    const woken: number[] = [];
    void time.sleep(1_000, early.signal).then(() => woken.push(time.now()));
    time.after(10, () => {
      early.abort();
    });
    time.after(2_000, () => undefined);
    await time.run(all);
    expect(woken).toEqual([1_010]);
  });

  it('stops when told', async () => {
    const time = timeOf('a');
    let runs = 0;
    const again = (): void => {
      runs += 1;
      time.after(1, again);
    };
    again();
    await time.run(() => runs < 10);
    expect(runs).toBe(10);
  });

  it('passes on what a task throws', async () => {
    const time = timeOf('a');
    time.after(1, () => {
      throw new Error('a defect of the simulation');
    });
    await expect(time.run(all)).rejects.toThrow('a defect of the simulation');
  });
});
