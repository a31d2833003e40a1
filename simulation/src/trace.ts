type Detail = string | number;

const tail = 200;

/**
 * What happened in a world: a hash over all of it, and the last lines. Lines are put into words only when somebody asks, since most worlds
 * end well.
 */
export class Trace {
  readonly #start: number;
  readonly #now: () => number;
  readonly #lines: (readonly [at: number, what: string, details: readonly Detail[]] | undefined)[] = [];
  readonly #texts = new Map<string, number>();
  readonly #all: boolean;
  #next = 0;
  #low = 0x811c9dc5;
  #high = 0x01000193;

  /** `all`: keeps every line, not only the last ones. */
  constructor(now: () => number, { all = false }: { readonly all?: boolean } = {}) {
    this.#now = now;
    this.#start = now();
    this.#all = all;
  }

  /** A step of the scheduler: part of the hash, not a line. */
  step(at: number, tie: number): void {
    this.#mix(at);
    this.#mix(tie * 4_294_967_296);
  }

  note(what: string, ...details: readonly Detail[]): void {
    this.#mix(this.#hashOf(what));
    for (const detail of details) this.#mix(typeof detail === 'number' ? detail : this.#hashOf(detail));
    if (this.#all) this.#lines.push([this.#now(), what, details]);
    else this.#lines[this.#next++ % tail] = [this.#now(), what, details];
  }

  get hash(): string {
    return (this.#high >>> 0).toString(16).padStart(8, '0') + (this.#low >>> 0).toString(16).padStart(8, '0');
  }

  lines(): string[] {
    const kept =
      this.#all || this.#next <= tail ? this.#lines : [...this.#lines.slice(this.#next % tail), ...this.#lines.slice(0, this.#next % tail)];
    return kept.flatMap((line) => {
      if (!line) return [];
      const [at, what, details] = line;
      return [`${((at - this.#start) / 1_000).toFixed(3).padStart(9)} s  ${what} ${details.join(' ')}`.trimEnd()];
    });
  }

  #mix(value: number): void {
    const word = (value ^ (value / 4_294_967_296)) | 0;
    this.#low = Math.imul(this.#low ^ word, 0x01000193);
    this.#high = Math.imul(this.#high ^ this.#low, 0x85ebca6b) + word;
  }

  #hashOf(text: string): number {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    let hash = 0x811c9dc5;
    for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    this.#texts.set(text, hash);
    return hash;
  }
}
