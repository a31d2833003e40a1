import { SingleBar } from 'cli-progress';
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

export interface Progress {
  start(total: number): void;
  add(count: number): void;
  stop(): void;
}

/** A bar with rate and time left on a terminal, silent elsewhere. */
export function progress(what: string): Progress {
  const bar = new SingleBar({
    format: `${what} {bar} {percentage} % · {value} of {total} · {rate}/s · {eta_formatted} left`,
    stream: process.stderr,
    hideCursor: true,
    noTTYOutput: false,
    clearOnComplete: true,
  });
  let begun = 0;
  let done = 0;
  return {
    start: (total) => {
      begun = performance.now();
      bar.start(total, 0, { rate: '–' });
    },
    add: (count) => {
      done += count;
      bar.update(done, { rate: Math.round((done * 1000) / Math.max(1, performance.now() - begun)).toLocaleString('en-US') });
    },
    stop: () => bar.stop(),
  };
}

export function figure(value: number): string {
  return value.toLocaleString('en-US');
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
