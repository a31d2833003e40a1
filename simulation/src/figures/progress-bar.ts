const width = 24;
const everyMs = 100;
/** Where nobody watches, a line now and then says that it goes on. */
const everyMsUnwatched = 10_000;

/** One line that says how far a long work is; on a terminal it is written over itself. */
export class ProgressBar {
  readonly #total: number;
  readonly #out: NodeJS.WriteStream;
  #shownAt = 0;

  constructor(total: number, out: NodeJS.WriteStream = process.stderr) {
    this.#total = total;
    this.#out = out;
  }

  show(done: number, said: string): void {
    const now = Date.now();
    if (now - this.#shownAt < (this.#out.isTTY ? everyMs : everyMsUnwatched) && done < this.#total) return;
    this.#shownAt = now;
    const filled = Math.round((width * done) / Math.max(1, this.#total));
    const line = `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${String(done)}/${String(this.#total)}  ${said}`;
    if (this.#out.isTTY) this.#out.write(`\r${line.slice(0, (this.#out.columns || 120) - 1)}\u001b[K`);
    else this.#out.write(`${line}\n`);
  }

  /** Makes room for other lines. */
  end(): void {
    if (this.#out.isTTY) this.#out.write('\r\u001b[K');
  }
}
