import type { OutboxLease, OutboxStore, ParkedStore, Store } from '@instep/department';
import { StoreUnavailable } from '@instep/department';

import type { Coverage } from '../coverage.ts';
import type { Network } from '../network/network.ts';
import type { Life } from '../process/life.ts';
import type { Random } from '../time/random.ts';
import type { VirtualTime } from '../time/virtual-time.ts';
import type { LeaseSession, SimulatedDatabase } from './simulated-database.ts';

export interface SimulatedStoreParts {
  readonly database: SimulatedDatabase;
  readonly life: Life;
  readonly network: Network;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly coverage: Coverage;
}

const load = { name: 'load' };
const commit = {
  name: 'commit',
  waits: true,
  told: true,
  ambiguous: 'ambiguous commit',
  late: 'commit arrived after its sender gave up',
  crashed: 'crash between commit and answer',
} as const;

/** The store as one process sees it: over a network, in a database that others use as well. */
export function simulatedStore(parts: SimulatedStoreParts): Store {
  const { database, life, network } = parts;
  return {
    load: (request) => network.call(life, database, load, () => database.load(request)),
    commit: (unit) => network.call(life, database, commit, () => database.commit(unit)),
    scanStreams: (after, limit) => network.call(life, database, load, () => database.store.scanStreams(after, limit)),
    inspect: () => network.call(life, database, load, () => database.inspect()),
    outbox: simulatedOutbox(parts),
    parked: simulatedParking(parts),
  };
}

function simulatedParking({ database, life, network }: SimulatedStoreParts): ParkedStore {
  return {
    list: (...asked) => network.call(life, database, load, () => database.store.parked.list(...asked)),
    read: (...asked) => network.call(life, database, load, () => database.store.parked.read(...asked)),
    count: (...asked) => network.call(life, database, load, () => database.store.parked.count(...asked)),
  };
}

function simulatedOutbox(parts: SimulatedStoreParts): OutboxStore {
  const { database, life, network, time, random } = parts;
  return {
    backlog: () => network.call(life, database, load, () => database.store.outbox.backlog()),
    async lease() {
      let answered = false;
      const session = await network.call(life, database, { name: 'lease' }, async () => {
        const made = await database.lease(life.name);
        if (!made) return undefined;
        // The server ends the session of a client that is gone, or that hung up before it heard of it.
        life.onDeath(() => {
          time.after(random.chance(0.8) ? random.between(5, 100) : random.between(1_000, 8_000), () => void database.endSession(made));
        });
        time.after(database.timeoutMs + 1_000, () => {
          if (!answered) void database.endSession(made);
        });
        return made;
      });
      answered = true;
      return session && simulatedLease(parts, session);
    },
  };
}

/** The session as its client knows it. */
function simulatedLease({ database, life, network, time, random, coverage }: SimulatedStoreParts, session: LeaseSession): OutboxLease {
  let held = true;
  const giveUp = (): void => {
    if (!held) return;
    held = false;
    time.after(random.between(5, 500), () => void database.endSession(session));
  };
  const ask = async <T>(name: string, work: () => Promise<T>, beside = false): Promise<T> => {
    if (!held) throw new StoreUnavailable('the session that held the lease of the outbox is gone');
    try {
      return await network.call(life, database, { name, told: beside, waits: beside }, () => {
        if (!session.open && !beside) throw new StoreUnavailable('the session was ended');
        return work();
      });
    } catch (error) {
      if (error instanceof StoreUnavailable) giveUp();
      throw error;
    }
  };
  return {
    held: () => held,
    ledger: () => ask('ledger', () => session.lease.ledger()),
    next: (acknowledged, limit) =>
      ask('next', async () => {
        const rows = await session.lease.next(acknowledged, limit);
        if (acknowledged.length > 0) life.relay = 'idle';
        return rows;
      }),
    rows: async (ids) => {
      const rows = await ask('rows', () => session.lease.rows(ids));
      if (rows.length > 0) coverage.count('batch sent again from the ledger');
      return rows;
    },
    // Without the session: as when a pooler between client and server hands on what it holds. Only the generation stops it then.
    allot: async (ledger) => {
      const stamp = async (): Promise<boolean> => {
        await database.holdBack();
        const done = await session.lease.allot(ledger);
        if (done) life.relay = 'numbered';
        return done;
      };
      const allotted = await ask('allot', stamp, true);
      if (!allotted) {
        coverage.count('stale lease refused');
        if (!session.open) giveUp();
      }
      return allotted;
    },
    release: async () => {
      if (!held) return;
      held = false;
      const end = (): Promise<void> => database.endSession(session);
      await network.call(life, database, { name: 'release' }, end).catch(() => time.after(random.between(5, 500), () => void end()));
    },
  };
}
