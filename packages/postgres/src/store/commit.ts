import { StoreConflict, type UnitOfWork } from '@instep/department';
import type pg from 'pg';

import { faultOf, isUniqueViolation } from '../faults.ts';
import { outboxPart, parkedPart, positionParts, redrivenPart, requestPart, streamParts } from './runtime-parts.ts';
import { runInIncarnation } from './incarnation.ts';
import { journalPart, stateParts, viewParts } from './row-parts.ts';
import { runPooled } from './session.ts';
import { named, Statements } from './statements.ts';
import type { TableShape } from './table-shape.ts';
import type { Part } from './write-part.ts';

/**
 * Writes a unit of work with one statement, which is one round trip and one transaction.
 *
 * Why no row is locked beforehand. Every stream, view row and position is written only where it still is at the version it was loaded
 * at; the statement waits for another one that is writing the same row and then compares with what that one left (read committed).
 * When a row was not as expected, fewer rows change than the unit names and `instep_require` raises: all is undone. A row that must not
 * exist yet is inserted without ON CONFLICT, so the primary key decides between two creators.
 *
 * Why outbox ids of a stream rise in the order of commits. The second writer of a stream that succeeds named the version that the first
 * one left, so it loaded after the first had committed, and took its ids after that. Ids are handed out one by one (CACHE 1). Ids of
 * different streams may commit in any order: the relay therefore keeps no cursor on them.
 *
 * Why two units do not dead-lock. Parts run in one order for all units, and each takes its rows in the order of their keys. Should it
 * happen all the same, PostgreSQL undoes one of them, which is a StoreConflict like any other.
 */
export class Committer {
  readonly #tables: ReadonlyMap<string, TableShape>;
  readonly #statements = new Statements();
  readonly #primaryKeys = new Map<string, boolean>();

  constructor(tables: ReadonlyMap<string, TableShape>) {
    this.#tables = tables;
  }

  async commit(pool: pg.Pool, unit: UnitOfWork): Promise<void> {
    const parts = this.#parts(unit);
    if (parts.length === 0) return;
    const statement = this.#statements.of(parts.map(({ shape }) => shape).join(' '), () => statementOf(parts));
    const expected = parts.flatMap((part) => (part.expected === undefined ? [] : [String(part.expected)]));
    try {
      await runInIncarnation(pool, unit.incarnation, statement, [...parts.flatMap(({ values }) => values), ...expected]);
    } catch (error) {
      if (isUniqueViolation(error) && (await this.#isOfPrimaryKey(pool, error))) throw new StoreConflict(error.message, { cause: error });
      throw faultOf(error);
    }
  }

  /** What most probably conflicts comes first, so that a conflict costs little. */
  #parts(unit: UnitOfWork): readonly Part[] {
    const parts = [...positionParts(unit), ...streamParts(unit), requestPart(unit), redrivenPart(unit), ...this.#rowParts(unit)];
    return [...parts, outboxPart(unit), parkedPart(unit)].filter((part) => part !== undefined);
  }

  #rowParts({ rows }: UnitOfWork): readonly Part[] {
    if (rows.length === 0) return [];
    // In the order of the store's tables, not of the unit: two units must take their locks in one order.
    return [...this.#known(rows.map(({ table }) => table))].flatMap((table) => {
      const own = rows.filter((write) => write.table === table.name);
      return [
        ...viewParts(
          table,
          own.filter((write) => write.kind === 'view'),
        ),
        ...stateParts(
          table,
          own.filter((write) => write.kind === 'state').map(({ row }) => row),
        ),
        ...journalPart(
          table,
          own.filter((write) => write.kind === 'journal').map(({ row }) => row),
        ),
      ];
    });
  }

  #known(names: readonly string[]): readonly TableShape[] {
    const wanted = new Set(names);
    for (const name of wanted) if (!this.#tables.has(name)) throw new Error(`the store has no table ${name}`);
    return [...this.#tables.values()].filter(({ name }) => wanted.has(name));
  }

  /**
   * A primary key that is taken says that somebody else was first. Any other unique key says that the value is refused, and trying
   * again would never end.
   */
  async #isOfPrimaryKey(pool: pg.Pool, { schema, table, constraint }: pg.DatabaseError): Promise<boolean> {
    if (schema === undefined || table === undefined || constraint === undefined) return false;
    const name = `${schema}.${table}.${constraint}`;
    const known = this.#primaryKeys.get(name);
    if (known !== undefined) return known;
    try {
      const rows = await runPooled(pool, PRIMARY_KEY, [schema, table, constraint]);
      this.#primaryKeys.set(name, rows.length > 0);
      return rows.length > 0;
    } catch (error) {
      throw faultOf(error);
    }
  }
}

const PRIMARY_KEY = named(
  `SELECT 1 FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
   WHERE c.contype = 'p' AND n.nspname = $1 AND t.relname = $2 AND c.conname = $3`,
);

/** The checks are columns of the final SELECT: each counts the rows of its CTE, in this order, before the parts without a check run. */
function statementOf(parts: readonly Part[]): string {
  let params = 0;
  const param = (): string => `$${++params}`;
  const ctes = parts.map((part, index) => `w${index} AS (\n${part.sql(param)}${part.expected === undefined ? '' : ' RETURNING 1'})`);
  const checks = parts.flatMap((part, index) =>
    part.expected === undefined ? [] : [`instep_require('${part.says}', ${param()}::bigint, (SELECT count(*) FROM w${index}))`],
  );
  return `WITH ${ctes.join(',\n')}\nSELECT ${checks.length > 0 ? checks.join(',\n') : '1'}`;
}
