import { RowRejected, StoreConflict, StoreReplaced } from '../faults.ts';
import type {
  AnsweredRequest,
  Loaded,
  LoadRequest,
  OutboxRow,
  ParkedRecord,
  Position,
  RelayLedger,
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
  readonly positions: () => readonly (Position & { readonly consumer: string })[];
  readonly requests: () => readonly (AnsweredRequest & { readonly tenant: string })[];
  readonly parkedRecords: () => readonly ParkedRecord[];
  readonly ledger: () => RelayLedger;
  /** Ids for so many outbox rows, as a transaction draws them before anybody can see its rows. */
  readonly drawOutboxIds: (count: number) => readonly number[];
  /** As `commit`, with the outbox rows under these ids. */
  readonly commitWith: (unit: UnitOfWork, outboxIds: readonly number[]) => Promise<void>;
  /** A backup: the same content, and nothing that happens later to either is seen in the other. */
  readonly copy: () => InMemoryStore;
  /** As if the session that holds the lease of the outbox were cut. */
  readonly loseLease: () => void;
}

/** A test adapter: a department's database on maps. Nothing outlives it, everything happens at the call, so a run can be repeated. */
export function inMemoryStore(settings: InMemoryStoreSettings): InMemoryStore {
  const { tables, now = () => 0 } = settings;
  return storeOf(settings, {
    positions: new Map(),
    streams: new Map(),
    requests: new Map(),
    rows: new Map(tables.map((table) => [table.name, new StoredTable(table)])),
    outbox: new StoredOutbox(now),
    parked: new StoredParking(),
  });
}

/** Entries are never changed in place, so a copy of the maps is a copy of the content. */
interface Content {
  readonly positions: Map<string, Position & { readonly consumer: string }>;
  readonly streams: Map<string, StreamKey & { readonly version: number; readonly state: string }>;
  readonly requests: Map<string, AnsweredRequest & { readonly tenant: string }>;
  readonly rows: ReadonlyMap<string, StoredTable>;
  readonly outbox: StoredOutbox;
  readonly parked: StoredParking;
}

function copyOf({ positions, streams, requests, rows, outbox, parked }: Content): Content {
  return {
    positions: new Map(positions),
    streams: new Map(streams),
    requests: new Map(requests),
    rows: new Map([...rows].map(([name, table]) => [name, table.copy()])),
    outbox: outbox.copy(),
    parked: parked.copy(),
  };
}

let incarnations = 0;

function storeOf(settings: InMemoryStoreSettings, content: Content): InMemoryStore {
  incarnations += 1;
  const incarnation = `in memory ${incarnations}`;
  const met = (wanted: string | undefined): void => {
    if (wanted !== undefined && wanted !== incarnation) throw new StoreReplaced(`this is the store ${incarnation}, not ${wanted}`);
  };
  const { positions, streams, requests, outbox, parked } = content;

  return {
    async load(request: LoadRequest): Promise<Loaded> {
      met(request.incarnation);
      return {
        positions: request.positions.map(({ topic, partition }) => {
          const found = positions.get(nameOf([request.consumer, topic, partition]));
          const { nextOffset, lastSequence } = found ?? { nextOffset: 0, lastSequence: { epoch: 0, n: 0 } };
          return { topic, partition, nextOffset, lastSequence: { ...lastSequence } };
        }),
        streams: request.streams.flatMap((key) => {
          const found = streams.get(nameOfStream(key));
          return found ? [{ ...found, state: JSON.parse(found.state) as unknown }] : [];
        }),
        rows: request.rows.flatMap(({ table: name, keys }) =>
          keys.flatMap((key) => {
            const found = tableOf(content, name).get(key);
            return found ? [{ table: name, key, row: found.row, version: found.version }] : [];
          }),
        ),
        parkedKeys: request.keys.filter((key) => parked.isParked(request.consumer, key)),
        requests: request.requests.flatMap(({ tenant, key }) => requests.get(nameOf([tenant, key])) ?? []),
      };
    },
    async commit(unit: UnitOfWork): Promise<void> {
      met(unit.incarnation);
      checkUnit(content, settings, unit);
      writeUnit(content, unit, outbox.draw(unit.outbox.length));
    },
    async commitWith(unit, outboxIds): Promise<void> {
      met(unit.incarnation);
      checkUnit(content, settings, unit);
      writeUnit(content, unit, outboxIds);
    },
    drawOutboxIds: (count) => outbox.draw(count),
    inspect: async () => ({ incarnation, ledger: outbox.stored }),
    scanStreams: async (after, limit) => pageOf(streams, after, limit),
    outbox,
    parked,
    rows: (name) => tableOf(content, name).all(),
    streams: () => [...streams.values()].map((stream) => ({ ...stream, state: JSON.parse(stream.state) as unknown })),
    outboxRows: () => outbox.all(),
    positions: () => [...positions.values()],
    requests: () => [...requests.values()],
    parkedRecords: () => parked.all(),
    ledger: () => outbox.stored,
    copy: () => storeOf(settings, copyOf(content)),
    loseLease: () => outbox.loseLease(),
  };
}

function tableOf({ rows }: Content, name: string): StoredTable {
  const found = rows.get(name);
  if (!found) throw new Error(`the store has no table ${name}`);
  return found;
}

/** Throws when the unit may not be written. */
function checkUnit(content: Content, { refuse = () => undefined }: InMemoryStoreSettings, unit: UnitOfWork): void {
  const { positions, streams, requests, parked } = content;
  assertNamedOnce(unit, (write) => tableOf(content, write.table).keyOf(write.row));
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
  for (const write of unit.rows) tableOf(content, write.table).check(write);
  for (const { tenant, key } of unit.requests) {
    if (requests.has(nameOf([tenant, key]))) throw new StoreConflict(`request ${key} was answered meanwhile`);
  }
  parked.check(unit);
}

function writeUnit(content: Content, unit: UnitOfWork, outboxIds: readonly number[]): void {
  const { positions, streams, requests, outbox, parked } = content;
  const { consumer } = unit;
  for (const { to } of unit.positions) {
    const { topic, partition, nextOffset, lastSequence } = to;
    positions.set(nameOf([consumer, topic, partition]), { consumer, topic, partition, nextOffset, lastSequence: { ...lastSequence } });
  }
  for (const { tenant, stream, id, version, state } of unit.streams) {
    streams.set(nameOf([tenant, stream, id]), { tenant, stream, id, version, state: JSON.stringify(state) });
  }
  for (const each of unit.rows) tableOf(content, each.table).write(each);
  for (const request of unit.requests) requests.set(nameOf([request.tenant, request.key]), { ...request });
  outbox.add(unit.outbox, outboxIds);
  parked.write(unit);
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
