import { afterEach, describe, expect, it } from '@jest/globals';
import { inMemoryStore } from '@instep/department';
import type { InMemoryStore, Store, UnitOfWork } from '@instep/department';
import { conformanceTables, describeStore, refusedByConformance } from '@instep/department/conformance';

import { noFaults } from '../faults/fault-plan.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import { Life } from '../process/life.ts';
import { smallGround } from '../testing/small-ground.ts';
import type { SmallGround } from '../testing/small-ground.ts';
import { codeOf, messageOf } from '../testing/told.ts';
import { driven } from '../time/virtual-time.ts';
import { SimulatedDatabase } from './simulated-database.ts';
import { simulatedStore } from './simulated-store.ts';

interface Simulated {
  readonly ground: SmallGround;
  readonly database: SimulatedDatabase;
  readonly memory: InMemoryStore;
  /** The store as a process of this name sees it. */
  process(name: string): { readonly life: Life; readonly store: Store };
}

function simulated(faults: Partial<FaultPlan> = {}, seed?: string): Simulated {
  const ground = smallGround(faults, seed);
  const memory = inMemoryStore({ tables: conformanceTables, refuse: refusedByConformance });
  const database = new SimulatedDatabase({ ...ground, name: 'database', store: memory }, { ...noFaults, ...faults });
  return {
    ground,
    database,
    memory,
    process: (name) => {
      const life = new Life(name);
      return { life, store: simulatedStore({ ...ground, database, life }) };
    },
  };
}

describeStore('the simulated store', async () => {
  const { ground, database, process } = simulated();
  const { store } = process('client');
  const time = driven(ground.time);
  return {
    store,
    loseLease: async () => void database.cutLease(),
    close: async () => {
      time.stop();
    },
  };
});

const unit = (parts: Partial<UnitOfWork>): UnitOfWork => ({
  consumer: 'c',
  positions: [],
  streams: [],
  rows: [],
  outbox: [],
  requests: [],
  parked: [],
  redriven: [],
  ...parts,
});
const streamOf = (id: string, loadedVersion = 0) => ({
  tenant: 't',
  stream: 's',
  id,
  loadedVersion,
  version: loadedVersion + 1,
  state: {},
});
const event = (value: string) => ({ topic: 'orders', partition: 0, key: `t/${value}`, type: 'order.placed', value });

describe('the simulated store under faults', () => {
  let time: { stop(): void } | undefined;
  afterEach(() => time?.stop());

  it('may have committed what it says nothing of', async () => {
    const { ground, memory, process } = simulated({ answerLost: 1 });
    const heard: string[] = [];
    process('p')
      .store.commit(unit({ streams: [streamOf('a')] }))
      .catch((error: unknown) => heard.push(codeOf(error)));
    await ground.settle();
    expect(heard).toEqual(['store/unavailable']);
    expect(memory.streams()).toHaveLength(1);
  });

  it('makes others wait for a row, and lets one of two new streams of one id through', async () => {
    const { ground, memory, process } = simulated({ slowCommit: 1 }, 'slow');
    const heard: string[] = [];
    for (const name of ['p', 'q']) {
      process(name)
        .store.commit(unit({ streams: [streamOf('a')] }))
        .then(
          () => heard.push('committed'),
          (error: unknown) => heard.push(codeOf(error)),
        );
    }
    await ground.settle();
    expect(heard.filter((each) => each === 'committed')).toHaveLength(1);
    expect(memory.streams()).toHaveLength(1);
    expect(ground.coverage.counts()['lock waited for']).toBe(1);
  });

  it('gives up waiting for a row after two seconds', async () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 10; seed += 1) {
      const { ground, process } = simulated({ slowCommit: 1 }, String(seed));
      for (const name of ['p', 'q'])
        process(name)
          .store.commit(unit({ streams: [streamOf('a')] }))
          .catch((error: unknown) => seen.add(messageOf(error)));
      await ground.settle();
    }
    expect([...seen].some((message) => message.includes('lock timeout'))).toBe(true);
  });

  it('shows rows of different streams out of the order of their ids, as a real database does', async () => {
    let outOfOrder = 0;
    for (let seed = 0; seed < 10; seed += 1) {
      const { ground, process } = simulated({ slowCommit: 0.5 }, String(seed));
      for (const id of ['a', 'b', 'c', 'd']) void process(id).store.commit(unit({ streams: [streamOf(id)], outbox: [event(id)] }));
      await ground.settle();
      outOfOrder += ground.coverage.counts()['outbox row visible out of order'];
    }
    expect(outOfOrder).toBeGreaterThan(0);
  });

  it('keeps the order of ids within a stream', async () => {
    for (let seed = 0; seed < 10; seed += 1) {
      const { ground, memory, process } = simulated({ slowCommit: 0.5 }, String(seed));
      const { store } = process('p');
      void (async () => {
        for (let version = 0; version < 5; version += 1)
          await store.commit(unit({ streams: [streamOf('a', version)], outbox: [event(String(version))] }));
      })();
      await ground.settle();
      expect(memory.outboxRows().map(({ value }) => value)).toEqual(['0', '1', '2', '3', '4']);
    }
  });

  it('takes back what was not visible yet when the server starts again', async () => {
    const { ground, database, memory, process } = simulated({ slowCommit: 1 });
    const heard: string[] = [];
    process('p')
      .store.commit(unit({ streams: [streamOf('a')] }))
      .catch((error: unknown) => heard.push(codeOf(error)));
    ground.time.after(10, () => {
      database.goDown();
    });
    await ground.settle();
    expect(heard).toEqual(['store/unavailable']);
    expect(memory.streams()).toEqual([]);
    const refused: string[] = [];
    process('q')
      .store.commit(unit({ streams: [streamOf('a')] }))
      .catch((error: unknown) => refused.push(messageOf(error)));
    await ground.settle();
    expect(refused).toEqual(['database: the connection was refused']);
  });

  it('frees the lease of a killed holder, who can do nothing with it any more', async () => {
    const { ground, memory, process } = simulated();
    const [p, q] = [process('p'), process('q')];
    await memory.commit(unit({ outbox: [event('1')] }));
    const run = driven(ground.time);
    time = run;
    const lease = await p.store.outbox.lease();
    expect(lease?.held()).toBe(true);
    expect(await q.store.outbox.lease()).toBeUndefined();
    p.life.kill();
    let second;
    while (!second) second = await q.store.outbox.lease();
    expect(await second.next([], 10)).toHaveLength(1);
  });

  it('refuses numbers to a holder whose lease went to another that gave out some', async () => {
    const { ground, database, process } = simulated();
    time = driven(ground.time);
    const stale = await process('p').store.outbox.lease();
    const ledger = await stale?.ledger();
    database.cutLease();
    const fresh = await process('q').store.outbox.lease();
    if (!stale || !ledger || !fresh) throw new Error('no lease');
    expect(await fresh.allot({ ...(await fresh.ledger()), counters: [{ topic: 'orders', partition: 0, n: 1 }] })).toBe(true);
    expect(await stale.allot({ ...ledger, counters: [{ topic: 'orders', partition: 0, n: 1 }] })).toBe(false);
    expect(ground.coverage.counts()['stale lease refused']).toBe(1);
  });
});
