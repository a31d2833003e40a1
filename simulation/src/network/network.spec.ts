import { describe, expect, it } from '@jest/globals';

import { Life } from '../process/life.ts';
import { plainServer, smallGround } from '../testing/small-ground.ts';
import { messageOf } from '../testing/told.ts';

const call = {
  name: 'write',
  ambiguous: 'ambiguous commit',
  late: 'commit arrived after its sender gave up',
  crashed: 'crash between commit and answer',
} as const;

/** What the caller hears of one call, and how often the work was done. */
async function oneCall(
  faults: Parameters<typeof smallGround>[0],
  seed?: string,
  prepare: (parts: { life: Life; server: ReturnType<typeof plainServer>; ground: ReturnType<typeof smallGround> }) => void = () =>
    undefined,
): Promise<{ heard: string; done: number; at: number; counts: Readonly<Record<string, number>>; lost: number }> {
  const ground = smallGround(faults, seed);
  const server = plainServer();
  const life = new Life('caller');
  prepare({ life, server, ground });
  let [heard, done, at] = ['nothing', 0, 0];
  const hear = (what: string): void => {
    heard = what;
    at = ground.time.now();
  };
  ground.network
    .call(life, server, call, () => `done ${String(++done)}`)
    .then(hear, (error: unknown) => {
      hear(messageOf(error));
    });
  await ground.settle();
  return { heard, done, at, counts: ground.coverage.counts(), lost: ground.network.lost };
}

describe('the network', () => {
  it('carries a request there and its answer back, which takes time', async () => {
    const { heard, done, at } = await oneCall({});
    expect({ heard, done }).toEqual({ heard: 'done 1', done: 1 });
    expect(at).toBeGreaterThan(1);
  });

  it('loses requests: not done, and the caller gives up in time', async () => {
    expect(await oneCall({ requestLost: 1 })).toMatchObject({ heard: 'server: no answer in time', done: 0, at: 1_000, lost: 1 });
  });

  it('loses answers: done, and the caller does not know', async () => {
    const { heard, done, counts } = await oneCall({ answerLost: 1 });
    expect({ heard, done }).toEqual({ heard: 'server: no answer in time', done: 1 });
    expect(counts['ambiguous commit']).toBe(1);
  });

  it('brings requests after their senders gave up: done all the same', async () => {
    const seen = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((seed) => oneCall({ requestLate: 1 }, seed)));
    expect(seen.every(({ done }) => done === 1)).toBe(true);
    expect(seen.some(({ heard }) => heard.endsWith('no answer in time'))).toBe(true);
  });

  it('refuses at once when the server is down', async () => {
    const { heard, done, at } = await oneCall({}, undefined, ({ server }) => (server.up = false));
    expect({ heard, done }).toEqual({ heard: 'server: the connection was refused', done: 0 });
    expect(at).toBeLessThan(100);
  });

  it('cuts calls under way when the server starts again', async () => {
    const ground = smallGround();
    const server = plainServer();
    let heard = '';
    const slow = (): Promise<string> =>
      new Promise(
        (resolve) =>
          void ground.time.after(50, () => {
            resolve('done');
          }),
      );
    ground.network.call(new Life('caller'), server, call, slow).catch((error: unknown) => (heard = messageOf(error)));
    ground.time.after(20, () => (server.incarnation += 1));
    await ground.settle();
    expect(heard).toBe('server: the connection was cut');
    expect(ground.coverage.counts()['ambiguous commit']).toBe(1);
  });

  it('never answers a caller that was killed', async () => {
    const { heard } = await oneCall(
      {},
      undefined,
      ({ life, ground }) =>
        void ground.time.after(0.1, () => {
          life.kill();
        }),
    );
    expect(heard).toBe('nothing');
  });

  it('kills at a call, before or after it was done', async () => {
    const outcomes = new Set<string>();
    for (let seed = 0; seed < 20; seed += 1) {
      const ground = smallGround({ killAtCall: 1 }, String(seed));
      const life = new Life('caller');
      let done = 0;
      let heard = false;
      void ground.network.call(life, plainServer(), call, () => (done += 1)).then(() => (heard = true));
      await ground.settle();
      expect(life.dead).toBe(true);
      expect(heard).toBe(false);
      outcomes.add(`done ${String(done)}, counted ${String(ground.coverage.counts()['crash between commit and answer'])}`);
    }
    expect([...outcomes].sort()).toEqual(['done 0, counted 0', 'done 1, counted 1']);
  });
});
