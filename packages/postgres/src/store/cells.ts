import type { Cell } from '@instep/department';

/**
 * A cell as text. Text columns hold every character but NUL: it becomes U+FFFD, so that one stray byte of a vendor does not park an
 * order. (The state of a stream keeps it: `json` holds the escape.)
 */
export function cellText(cell: Cell | undefined): string | null {
  if (cell === null || cell === undefined) return null;
  const text = typeof cell === 'string' ? cell : String(cell);
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
}
