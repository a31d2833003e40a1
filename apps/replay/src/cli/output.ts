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

export interface Bar {
  /** Records so far, counted from the begin of the work also when it was resumed. */
  at(done: number, total?: number): void;
  stop(): void;
}

/** A bar with rate and time left on a terminal, silent elsewhere. */
export function bar(what: string, total: number): Bar {
  const made = new SingleBar({
    format: `${what} {bar} {percentage} % · {value} of {total} · {rate}/s · {eta_formatted} left`,
    stream: process.stderr,
    hideCursor: true,
    noTTYOutput: false,
    clearOnComplete: true,
  });
  let begun: { readonly at: number; readonly done: number } | undefined;
  made.start(total, 0, { rate: '–' });
  return {
    at: (done, of) => {
      if (of !== undefined) made.setTotal(of);
      begun ??= { at: performance.now(), done };
      const rate = ((done - begun.done) * 1000) / Math.max(1, performance.now() - begun.at);
      made.update(done, { rate: figure(Math.round(rate)) });
    },
    stop: () => made.stop(),
  };
}

export function figure(value: number): string {
  return value.toLocaleString('en-US');
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function duration(seconds: number): string {
  if (seconds < 1) return 'under a second';
  if (seconds < 120) return `${String(Math.round(seconds))} s`;
  return seconds < 7_200 ? `${String(Math.round(seconds / 60))} min` : `${(seconds / 3_600).toFixed(1)} h`;
}
