/** Rows of plain numbers, 8 bytes each: for millions of small facts. */
export class GrownNumbers {
  readonly #width: number;
  #values: Float64Array;
  #rows = 0;

  constructor(width: number) {
    this.#width = width;
    this.#values = new Float64Array(width * 256);
  }

  get rows(): number {
    return this.#rows;
  }

  push(...row: readonly number[]): void {
    const at = this.#rows * this.#width;
    if (at + this.#width > this.#values.length) {
      const larger = new Float64Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    for (let column = 0; column < this.#width; column += 1) this.#values[at + column] = row[column] ?? 0;
    this.#rows += 1;
  }

  at(row: number, column: number): number {
    return this.#values[row * this.#width + column] ?? Number.NaN;
  }

  clear(): void {
    this.#rows = 0;
  }
}
