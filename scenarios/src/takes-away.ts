/** What an older release that still runs would miss, or could no longer write. */
const taking = [
  /\bDROP\s+(?:TABLE|COLUMN|SCHEMA|VIEW|TYPE|FUNCTION)\b[^;`']*/i,
  /\bRENAME\s+(?:TO|COLUMN|CONSTRAINT)\b[^;`']*/i,
  /\bALTER\s+COLUMN\s+\S+\s+(?:SET\s+NOT\s+NULL|DROP\s+DEFAULT|(?:SET\s+DATA\s+)?TYPE\b)[^;`']*/i,
  /\bADD\s+COLUMN\s+(?:IF\s+NOT\s+EXISTS\s+)?\S+\s+(?![^;`']*\bDEFAULT\b)[^;,`']*\bNOT\s+NULL\b/i,
  /\bTRUNCATE\b[^;`']*/i,
];

/** Says, in the migration that takes something away, with which release its last user went. */
const allowed = /\/\/ Unused since \d+\.\d+\.\d+\b/;

/** Statements of a migration that an older release on the same tables would not survive, unless the migration says since when nobody needs it. */
export function takesAway(migration: string): readonly string[] {
  if (allowed.test(migration)) return [];
  return taking.flatMap((statement) => statement.exec(migration)?.[0].trim() ?? []);
}
