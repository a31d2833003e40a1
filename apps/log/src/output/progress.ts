import { SingleBar } from 'cli-progress';

/** How far a long reading is. On a terminal only; nothing is written elsewhere. */
export interface Progress {
  at(read: number, total: number): void;
  done(): void;
}

const EVERY_MS = 250;

export function progressOn(stream: NodeJS.WritableStream & { readonly isTTY?: boolean }, what: string): Progress {
  if (stream.isTTY !== true) return { at: () => undefined, done: () => undefined };
  const bar = new SingleBar({
    format: `${what} {bar} {percentage} %  {value} of {total} records  {duration_formatted}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    stream,
  });
  let begun = false;
  let shownAt = 0;
  return {
    at(read, total) {
      if (!begun) bar.start(total, read);
      begun = true;
      // A bar that is drawn for every batch costs more than reading it.
      if (performance.now() - shownAt < EVERY_MS) return;
      shownAt = performance.now();
      bar.update(read);
    },
    done() {
      if (begun) bar.stop();
    },
  };
}
