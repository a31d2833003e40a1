import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const page = fileURLToPath(new URL('../../../docs/reliability.md', import.meta.url));

/** Puts a table as it was printed between the marks of this name on the page of reliability, with the command above it. */
export function writeBlock(name: string, command: string, table: string): void {
  writeFileSync(page, withBlock(readFileSync(page, 'utf8'), name, command, table));
}

export function withBlock(text: string, name: string, command: string, table: string): string {
  const [start, end] = [`<!-- ${name}: as printed -->`, `<!-- ${name}: end -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/reliability.md has no place for "${name}"`);
  return `${text.slice(0, from + start.length)}\n\n\`\`\`console\n$ ${command}\n${table}\n\`\`\`\n\n${text.slice(to)}`;
}
