/** Lets one piece of work after the other have its turn, in the order in which they asked. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Resolves once nobody works any more. */
  async over(): Promise<void> {
    await this.#last;
  }
}
