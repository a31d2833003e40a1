import { compareTable, type WrongRow } from '../adapters/postgres/manifest-table.ts';
import { readManifest } from '../manifest/manifest-file.ts';
import type { Finding } from './finding.ts';
import { stillWrong } from './still-wrong.ts';

const TABLE = 'The table lake.lake_manifest';
const remedy =
  'The manifest counts; npm run lake -- export with this database makes the table say the same when it begins, npm start when it starts';
/** Rows of one kind that are named one by one. */
const most = 10;

/** Compares the copy of the manifest in a database, for who asks in SQL, with the manifest as it is now. */
export async function verifyTable(folder: string, databaseUrl: string): Promise<readonly Finding[]> {
  return stillWrong(folder, async () => {
    const manifest = readManifest(folder);
    try {
      const found = await compareTable(databaseUrl, manifest);
      if (found === 'no-table')
        return [{ code: 'no-table', kind: 'note', sentence: `The database has no table lake.lake_manifest: an export with it makes one.` }];
      return findings(found, manifest.files().length);
    } catch (error) {
      const sentence = `${TABLE} cannot be compared (${spoken(error)}): start the database, name another one with DATABASE_URL, or leave it out with --no-table.`;
      return [{ code: 'table-disagrees', kind: 'wrong', sentence }];
    }
  });
}

function findings(rows: readonly WrongRow[], files: number): readonly Finding[] {
  const [extra, missing] = [of(rows, 'extra'), of(rows, 'missing')];
  if (extra.length > 0 && files > 0 && missing.length === files)
    return [
      wrong(
        `${TABLE} is that of another lake: it has ${extra.length} ${extra.length === 1 ? 'row' : 'rows'}, none of them of a file of this one. Name the database of this lake with DATABASE_URL, or leave it out with --no-table; one database keeps the table of one lake.`,
      ),
    ];
  return [
    ...named(missing, ({ path }) => `has no row of ${path}: who asks it misses that file.`),
    ...named(extra, ({ path }) => `has a row of ${path}, which is no part of the lake: who asks it counts that file too.`),
    ...named(of(rows, 'different'), ({ path, columns }) => `says something else of ${path} than the manifest: ${columns.join(', ')}.`),
  ];
}

function of(rows: readonly WrongRow[], what: WrongRow['what']): readonly WrongRow[] {
  return rows.filter((row) => row.what === what);
}

function named(rows: readonly WrongRow[], sentence: (row: WrongRow) => string): readonly Finding[] {
  const all = rows.slice(0, most).map((row) => wrong(`${TABLE} ${sentence(row)} ${remedy}.`));
  const [first] = rows;
  const more = rows.length - most;
  return first && more > 0 ? [...all, wrong(`${TABLE}: the same is wrong (${first.what}) with ${more} more rows. ${remedy}.`)] : all;
}

function wrong(sentence: string): Finding {
  return { code: 'table-disagrees', kind: 'wrong', sentence };
}

function spoken(error: unknown): string {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return String(message || code || error);
}
