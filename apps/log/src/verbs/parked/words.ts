const REASON_WIDTH = 90;

/** To the minute, for a column. */
export function minute(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}

/** As much of a reason as fits into a column. */
export function short(reason: string): string {
  const [line = ''] = reason.split('\n');
  return line.length > REASON_WIDTH ? `${line.slice(0, REASON_WIDTH - 1)}…` : line;
}

export function plural(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}
