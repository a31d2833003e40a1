import { describe, expect, it } from '@jest/globals';

import { smallGround } from '../testing/small-ground.ts';
import { Life } from './life.ts';
import { clockOf, idsOf } from './process-ports.ts';

describe('the life of a process', () => {
  it('ends at any await: what it waits for never comes', async () => {
    const { time, settle } = smallGround();
    const life = new Life('p');
    const clock = clockOf(time, life, 0);
    const seen: string[] = [];
    void (async () => {
      await clock.sleep(10);
      seen.push('before');
      await clock.sleep(10);
      seen.push('after');
    })();
    time.after(15, () => {
      life.kill();
    });
    await settle();
    expect(seen).toEqual(['before']);
  });

  it('stands still while paused, and gets everything in order when it goes on', async () => {
    const { time, settle } = smallGround();
    const life = new Life('p');
    const clock = clockOf(time, life, 0);
    const seen: string[] = [];
    for (const ms of [10, 20]) void clock.sleep(ms).then(() => seen.push(`${String(ms)} at ${String(time.now())}`));
    life.pause();
    time.after(500, () => {
      life.resume();
    });
    await settle();
    expect(seen).toEqual(['10 at 500', '20 at 500']);
  });

  it('is told of once when it ends', () => {
    const life = new Life('p');
    let deaths = 0;
    life.onDeath(() => (deaths += 1));
    life.kill();
    life.kill();
    life.onDeath(() => (deaths += 1));
    expect(deaths).toBe(2);
  });

  it('has ids that rise, also when its clock stands still, and are the same for the same seed', () => {
    const idsFor = (seed: string): string[] => {
      const { time, random } = smallGround({}, seed);
      const ids = idsOf(clockOf(time, new Life('p'), 0), random);
      return Array.from({ length: 5_000 }, () => ids.next());
    };
    const ids = idsFor('a');
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(idsFor('a')).toEqual(ids);
    expect(idsFor('b')).not.toEqual(ids);
  });
});
