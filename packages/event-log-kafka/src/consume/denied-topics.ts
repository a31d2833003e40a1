/**
 * Topics of which the log says that they do not exist. That may be so for a moment, while a broker starts; a topic that stays away was
 * deleted, and whoever reads it must end and say so instead of asking for ever.
 */
export class DeniedTopics {
  readonly #goneAfterMs: number;
  readonly #since = new Map<string, number>();

  constructor(goneAfterMs: number) {
    this.#goneAfterMs = goneAfterMs;
  }

  /** It answered: it is there. */
  there(topic: string): void {
    this.#since.delete(topic);
  }

  /** `now` in milliseconds. True when it has been denied for so long that it must be gone. */
  isGone(topic: string, now: number): boolean {
    const since = this.#since.get(topic) ?? now;
    this.#since.set(topic, since);
    return now - since > this.#goneAfterMs;
  }
}
