import { measure } from '../kpi/measure.ts';
import { defaultQueryLimits } from '../query/limits.ts';
import { kpiFolder } from '../saved/folders.ts';
import { readSqlFiles, type SqlFile } from '../saved/sql-file.ts';

/** Rows of an answer, by the names of its columns; figures as numbers. */
export type Figures = readonly Readonly<Record<string, string | number | null>>[];

/**
 * Asks a lake a few questions in SQL, one after the other, locked as every query is. `{{gross-margin}}` in a question stands for the query of
 * that figure of the business, so that nobody writes its definition twice.
 */
export async function measureFigures<Name extends string>(
  lake: string,
  questions: Readonly<Record<Name, string>>,
): Promise<Readonly<Record<Name, Figures>>> {
  const known = new Map(readSqlFiles(kpiFolder).map(({ name, sql }) => [name, sql]));
  const queries = Object.entries<string>(questions).map(([name, sql]): SqlFile => ({
    ...{ name, title: name, owner: '', unit: '', grain: '', notes: {} },
    sql: sql.replaceAll(/\{\{([a-z-]+)\}\}/g, (_, figure: string) => {
      const found = known.get(figure);
      if (found === undefined) throw new Error(`there is no figure ${figure}`);
      return `(${found})`;
    }),
  }));
  const measured = await measure(lake, queries, defaultQueryLimits);
  return Object.fromEntries(measured.map(({ query, rows }) => [query.name, rows])) as Record<Name, Figures>;
}
