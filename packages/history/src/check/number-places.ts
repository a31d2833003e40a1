interface Run {
  readonly number: number;
  readonly offset: number;
  length: number;
}

/** At which offset each number of a partition came first. Numbers that follow each other without a break cost nothing. */
export class NumberPlaces {
  readonly #runs: Run[] = [];

  add(number: number, offset: number): void {
    const run = this.#runs.at(-1);
    if (run && number === run.number + run.length && offset === run.offset + run.length) run.length += 1;
    else this.#runs.push({ number, offset, length: 1 });
  }

  /** Undefined when the number did not come. */
  offsetOf(number: number): number | undefined {
    let low = 0;
    for (let high = this.#runs.length; low < high;) {
      const middle = (low + high) >> 1;
      if ((this.#runs[middle]?.number ?? Infinity) <= number) low = middle + 1;
      else high = middle;
    }
    const run = this.#runs[low - 1];
    return run && number < run.number + run.length ? run.offset + (number - run.number) : undefined;
  }
}
