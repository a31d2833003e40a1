import type { Loaded, LoadRequest, Position, Row } from '@instep/department';
import type pg from 'pg';

import { textArray } from './binary-array.ts';
import { cellText } from './cells.ts';
import { runInIncarnation } from './incarnation.ts';
import { type RawRow, text, told } from './session.ts';
import { Statements } from './statements.ts';
import type { TableShape } from './table-shape.ts';

/** One arm of the UNION ALL. Its rows begin with the index of what was asked for, then come its columns as text. */
interface Part {
  readonly shape: string;
  /** How many columns it selects after the index. */
  readonly width: number;
  readonly sql: (param: () => string) => { readonly columns: readonly string[]; readonly from: string };
  readonly values: readonly (string | Buffer)[];
  readonly take: (index: number, row: RawRow) => void;
}

/** Columns of a result before those of the part: which part, and which of the things asked for. */
const LEAD = 2;

/**
 * Reads all that a unit of work needs with one statement in one round trip. One statement sees one state of the database, so what it
 * gives belongs together.
 */
export class Loader {
  readonly #tables: ReadonlyMap<string, TableShape>;
  readonly #statements = new Statements();

  constructor(tables: ReadonlyMap<string, TableShape>) {
    this.#tables = tables;
  }

  async load(pool: pg.Pool, request: LoadRequest): Promise<Loaded> {
    const positions: Position[] = request.positions.map((at) => ({ ...at, nextOffset: 0, lastSequence: { epoch: 0, n: 0 } }));
    const loaded = { streams: [], rows: [], parkedKeys: [], requests: [] } as Writable<Omit<Loaded, 'positions'>>;
    const parts = [
      positionPart(request, positions),
      streamPart(request, loaded.streams),
      ...request.rows.map((asked) => rowPart(asked, this.#table(asked.table), loaded.rows)),
      parkedPart(request, loaded.parkedKeys),
      requestPart(request, loaded.requests),
    ].filter((part) => part !== undefined);
    if (parts.length === 0) return { positions, ...loaded };

    const statement = this.#statements.of(parts.map(({ shape }) => shape).join(' '), () => unionOf(parts));
    for (const row of await told(
      runInIncarnation(
        pool,
        request.incarnation,
        statement,
        parts.flatMap(({ values }) => values),
      ),
    )) {
      parts[Number(text(row, 0))]?.take(Number(text(row, 1)) - 1, row);
    }
    return { positions, ...loaded };
  }

  #table(name: string): TableShape {
    const table = this.#tables.get(name);
    if (!table) throw new Error(`the store has no table ${name}`);
    return table;
  }
}

function unionOf(parts: readonly Part[]): string {
  const width = Math.max(...parts.map((part) => part.width));
  let params = 0;
  const param = (): string => `$${++params}`;
  return parts
    .map((part, index) => {
      const { columns, from } = part.sql(param);
      const padding = Array.from({ length: width - columns.length }, () => 'NULL::text');
      return `SELECT ${[`${index}`, 'k.i', ...columns, ...padding].join(', ')} FROM ${from}`;
    })
    .join('\nUNION ALL\n');
}

function positionPart({ consumer, positions }: LoadRequest, found: Position[]): Part | undefined {
  if (positions.length === 0) return undefined;
  return {
    shape: 'position',
    width: 3,
    sql: (param) => ({
      columns: ['p.next_offset::text', 'p.epoch::text', 'p.last_sequence::text'],
      from:
        `unnest(${param()}::text[], ${param()}::text[]) WITH ORDINALITY AS k(topic, partition, i)` +
        ` JOIN position p ON p.consumer = ${param()}::text AND p.topic = k.topic AND p.partition = k.partition::int`,
    }),
    values: [textArray(positions.map(({ topic }) => topic)), textArray(positions.map(({ partition }) => String(partition))), consumer],
    take: (index, row) => {
      const { topic, partition } = at(positions, index);
      const lastSequence = { epoch: Number(text(row, LEAD + 1)), n: Number(text(row, LEAD + 2)) };
      found[index] = { topic, partition, nextOffset: Number(text(row, LEAD)), lastSequence };
    },
  };
}

function streamPart({ streams }: LoadRequest, found: Loaded['streams'][number][]): Part | undefined {
  if (streams.length === 0) return undefined;
  return {
    shape: 'stream',
    width: 2,
    sql: (param) => ({
      columns: ['s.version::text', 's.state::text'],
      from:
        `unnest(${param()}::text[], ${param()}::text[], ${param()}::text[]) WITH ORDINALITY AS k(tenant, stream, id, i)` +
        ` JOIN stream s ON s.tenant = k.tenant AND s.stream = k.stream AND s.id = k.id`,
    }),
    values: [
      textArray(streams.map(({ tenant }) => tenant)),
      textArray(streams.map(({ stream }) => stream)),
      textArray(streams.map(({ id }) => id)),
    ],
    take: (index, row) => {
      const { tenant, stream, id } = at(streams, index);
      found.push({ tenant, stream, id, version: Number(text(row, LEAD)), state: JSON.parse(text(row, LEAD + 1)) as unknown });
    },
  };
}

function rowPart(asked: LoadRequest['rows'][number], table: TableShape, found: Loaded['rows'][number][]): Part | undefined {
  if (asked.keys.length === 0) return undefined;
  const { keys } = asked;
  return {
    shape: `row ${table.name}`,
    width: 1 + table.columns.length,
    sql: (param) => ({
      columns: [table.versioned ? 't.row_version::text' : `'0'`, ...table.columns.map((column) => column.text('t'))],
      from:
        `unnest(${table.key.map(() => `${param()}::text[]`).join(', ')}) WITH ORDINALITY AS k(${table.key.map((_, n) => `k${n}`).join(', ')}, i)` +
        ` JOIN ${table.table} t ON ${table.key.map(({ column, cast }, n) => `t.${column} = k.k${n}${cast}`).join(' AND ')}`,
    }),
    values: table.key.map((_, n) => textArray(keys.map((key) => cellText(key[n])))),
    take: (index, raw) => {
      const cells = table.columns.map(({ property, cell }, n) => {
        const value = raw[LEAD + 1 + n];
        return [property, value === null || value === undefined ? null : cell(value)] as const;
      });
      const row: Row = Object.fromEntries(cells);
      found.push({ table: asked.table, key: at(keys, index), row, version: Number(text(raw, LEAD)) });
    },
  };
}

function parkedPart({ consumer, keys }: LoadRequest, found: Loaded['parkedKeys'][number][]): Part | undefined {
  if (keys.length === 0) return undefined;
  return {
    shape: 'parked',
    width: 0,
    sql: (param) => ({
      columns: [],
      from:
        `unnest(${param()}::text[], ${param()}::text[]) WITH ORDINALITY AS k(topic, key, i)` +
        ` WHERE EXISTS (SELECT FROM parked_event e WHERE e.consumer = ${param()}::text AND e.topic = k.topic AND e.key = k.key)`,
    }),
    values: [textArray(keys.map(({ topic }) => topic)), textArray(keys.map(({ key }) => cellText(key))), consumer],
    take: (index) => {
      const { topic, key } = at(keys, index);
      found.push({ topic, key });
    },
  };
}

function requestPart({ requests }: LoadRequest, found: Loaded['requests'][number][]): Part | undefined {
  if (requests.length === 0) return undefined;
  return {
    shape: 'request',
    width: 2,
    sql: (param) => ({
      columns: ['r.hash', 'r.answer'],
      from:
        `unnest(${param()}::text[], ${param()}::text[]) WITH ORDINALITY AS k(tenant, key, i)` +
        ` JOIN request r ON r.tenant = k.tenant AND r.key = k.key`,
    }),
    values: [textArray(requests.map(({ tenant }) => tenant)), textArray(requests.map(({ key }) => key))],
    take: (index, row) => {
      const { tenant, key } = at(requests, index);
      found.push({ tenant, key, hash: text(row, LEAD), answer: text(row, LEAD + 1) });
    },
  };
}

function at<T>(asked: readonly T[], index: number): T {
  const found = asked[index];
  if (found === undefined) throw new Error(`the database answered what nobody asked: ${index} of ${asked.length}`);
  return found;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer Item)[] ? Item[] : T[K] };
