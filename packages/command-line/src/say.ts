import Table from 'cli-table3';

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A table for people. Columns named in `right` hold figures. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], right: readonly string[] = []): string {
  const made = new Table({
    head: [...head],
    colAligns: head.map((name) => (right.includes(name) ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  made.push(...rows.map((row) => [...row]));
  return made.toString();
}
