import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { LakeFault } from '../fault.ts';

/** A query that people keep: what it answers, who answers for it, in which unit, and what one row is. */
export interface SqlFile {
  readonly name: string;
  readonly title: string;
  readonly owner: string;
  /** Of the figures: `share`, `hours`, `shop currency`. */
  readonly unit: string;
  /** What one row is: `day`, `product and channel`. */
  readonly grain: string;
  /** Other lines of the head: `parameter`, `plot`, `better`. */
  readonly notes: Readonly<Record<string, string>>;
  readonly sql: string;
}

const wanted = ['title', 'owner', 'unit', 'grain'] as const;

/** Reads the queries of a folder by name. Throws `LakeFault` for one whose head is incomplete. */
export function readSqlFiles(folder: string): readonly SqlFile[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => parseSqlFile(file.replace('.sql', ''), readFileSync(join(folder, file), 'utf8')));
}

/** The head is the first lines, `-- key: value`. */
function parseSqlFile(name: string, text: string): SqlFile {
  const notes: Record<string, string> = {};
  const lines = text.split('\n');
  let at = 0;
  for (; ; at += 1) {
    const [, key, value] = /^--\s*([a-z-]+):\s*(.+?)\s*$/.exec(lines[at] ?? '') ?? [];
    if (key === undefined || value === undefined) break;
    notes[key] = value;
  }
  const missing = wanted.filter((key) => notes[key] === undefined);
  if (missing.length > 0)
    throw new LakeFault(
      'lake/bad-option',
      `The query ${name}.sql has no ${missing.join(', ')} in its head: begin it with lines such as "-- owner: finance".`,
    );
  const { title = '', owner = '', unit = '', grain = '', ...others } = notes;
  return { name, title, owner, unit, grain, notes: others, sql: lines.slice(at).join('\n').trim() };
}
