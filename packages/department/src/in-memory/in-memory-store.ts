import { RowRejected, StoreConflict } from '../faults.ts';
import type {
  AnsweredRequest,
  Loaded,
  LoadRequest,
  OutboxRow,
  Position,
  RowWrite,
  Store,
  StoredStream,
  StreamKey,
  UnitOfWork,
} from '../store.ts';
import type { Row, Table } from '../table.ts';
import { StoredOutbox } from './stored-outbox.ts';
import { StoredParking } from './stored-parking.ts';
import { nameOf, StoredTable } from './stored-table.ts';

export interface InMemoryStoreSettings {
  readonly tables: readonly Table<never>[];
  /** Milliseconds since 1970, for the age of outbox rows. Stands at 0 when absent. */
  readonly now?: () => number;
  /** Plays the database that refuses a value: a reason makes the commit fail with RowRejected. */
  readonly refuse?: (write: RowWrite) => string | undefined;
}

export interface InMemoryStore extends Store {
  /** What the store holds at the moment, for tests that look into it. */
  readonly rows: (table: string) => readonly Row[];
  readonly streams: () => readonly (StreamKey & { readonly version: number; readonly state: unknown })[];
  readonly outboxRows: () => readonly OutboxRow[];
  /** As if the session that holds the lease of the outbox were cut. */
  readonly loseLease: () => void;
}

/** A test adapter: a department's database on maps. Nothing outlives it, everything happens at the call, so a run can be repeated. */
export function inMemoryStore({ tables, now = () => 0, refuse = () => undefined }: InMemoryStoreSettings): InMemoryStore {
  const positions = new Map<string, Position>();
  const streams = new Map<string, StreamKey & { readonly version: number; readonly state: string }>();
  const requests = new Map<string, AnsweredRequest & { readonly tenant: string }>();
  const rows = new Map(tables.map((table) => [table.name, new StoredTable(table)]));
  const outbox = new StoredOutbox(now);
  const parked = new StoredParking();

  const table = (name: string): StoredTable => {
    const found = rows.get(name);
    if (!found) throw new Error(`the store has no table ${name}`);
    return found;
  };

  const check = (unit: UnitOfWork): void => {
    assertNamedOnce(unit, (write) => table(write.table).keyOf(write.row));
    for (const write of unit.rows) {
      const reason = refuse(write);
      if (reason !== undefined) throw new RowRejected(reason);
    }
    for (const { from } of unit.positions) {
      const found = positions.get(nameOf([unit.consumer, from.topic, from.partition]))?.nextOffset ?? 0;
      if (found !== from.nextOffset)
        throw new StoreConflict(`position of ${from.topic}/${from.partition} is ${found}, not ${from.nextOffset}`);
    }
    for (const stream of unit.streams) {
      const found = streams.get(nameOfStream(stream))?.version ?? 0;
      if (found !== stream.loadedVersion) {
        throw new StoreConflict(`stream ${stream.stream}/${stream.id} is at version ${found}, not ${stream.loadedVersion}`);
      }
    }
    for (const write of unit.rows) table(write.table).check(write);
    for (const { tenant, key } of unit.requests) {
      if (requests.has(nameOf([tenant, key]))) throw new StoreConflict(`request ${key} was answered meanwhile`);
    }
    parked.check(unit);
  };

  const write = (unit: UnitOfWork): void => {
    for (const { to } of unit.positions) positions.set(nameOf([unit.consumer, to.topic, to.partition]), structuredClone(to));
    for (const { tenant, stream, id, version, state } of unit.streams) {
      streams.set(nameOf([tenant, stream, id]), { tenant, stream, id, version, state: JSON.stringify(state) });
    }
    for (const each of unit.rows) table(each.table).write(each);
    for (const request of unit.requests) requests.set(nameOf([request.tenant, request.key]), { ...request });
    outbox.add(unit.outbox);
    parked.write(unit);
  };

  return {
    async load(request: LoadRequest): Promise<Loaded> {
      return {
        positions: request.positions.map(({ topic, partition }) => {
          const found = positions.get(nameOf([request.consumer, topic, partition]));
          return found ? structuredClone(found) : { topic, partition, nextOffset: 0, lastSequence: { epoch: 0, n: 0 } };
        }),
        streams: request.streams.flatMap((key) => {
          const found = streams.get(nameOfStream(key));
          return found ? [{ ...found, state: JSON.parse(found.state) as unknown }] : [];
        }),
        rows: request.rows.flatMap(({ table: name, keys }) =>
          keys.flatMap((key) => {
            const found = table(name).get(key);
            return found ? [{ table: name, key, row: found.row, version: found.version }] : [];
          }),
        ),
        parkedKeys: request.keys.filter((key) => parked.isParked(request.consumer, key)),
        requests: request.requests.flatMap(({ tenant, key }) => requests.get(nameOf([tenant, key])) ?? []),
      };
    },
    async commit(unit: UnitOfWork): Promise<void> {
      check(unit);
      write(unit);
    },
    scanStreams: async (after, limit) => pageOf(streams, after, limit),
    outbox,
    parked,
    rows: (name) => table(name).all(),
    streams: () => [...streams.values()].map((stream) => ({ ...stream, state: JSON.parse(stream.state) as unknown })),
    outboxRows: () => outbox.all(),
    loseLease: () => outbox.loseLease(),
  };
}

function pageOf(
  streams: ReadonlyMap<string, StreamKey & { readonly version: number; readonly state: string }>,
  after: StreamKey | undefined,
  limit: number,
): StoredStream[] {
  const from = after === undefined ? '' : nameOfStream(after);
  const behind = [...streams].filter(([name]) => name > from).sort(([a], [b]) => (a < b ? -1 : 1));
  return behind.slice(0, limit).map(([, found]) => ({ ...found, state: JSON.parse(found.state) as unknown }));
}

function nameOfStream({ tenant, stream, id }: StreamKey): string {
  return nameOf([tenant, stream, id]);
}

/** Two writes of one thing in one unit are a defect of the caller: no database could say which of them holds. */
function assertNamedOnce(unit: UnitOfWork, keyOf: (write: RowWrite) => readonly string[]): void {
  const names = [
    ...unit.positions.map(({ from }) => nameOf(['position', from.topic, from.partition])),
    ...unit.streams.map((stream) => nameOf(['stream', nameOfStream(stream)])),
    ...unit.rows.map((write) => nameOf(['row', write.table, ...keyOf(write)])),
    ...unit.requests.map(({ tenant, key }) => nameOf(['request', tenant, key])),
  ];
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw new Error(`a unit of work names ${name} twice`);
    seen.add(name);
  }
}
