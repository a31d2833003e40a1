/** Orders two UTC instants by time. Their text order would not: they may be written with different numbers of fraction digits. */
export function compareInstants(a: string, b: string): number {
  if (a === b) return 0;
  const left = sortable(a);
  const right = sortable(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

function sortable(instant: string): string {
  const withoutZone = instant.slice(0, -1);
  return withoutZone.includes('.') ? withoutZone.replace(/\.?0+$/, '') : withoutZone;
}
