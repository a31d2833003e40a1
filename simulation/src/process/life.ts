/** How far the relay of a process is with what it was given numbers for. Only for counting which crashes were seen. */
export type RelayPhase = 'idle' | 'numbered' | 'sent';

/**
 * The life of a process. Everything that enters it (answers of its ports, slices, timers) comes through `run`: a killed process gets nothing
 * any more, so it never goes on from where it waits; a paused one gets it when it is woken.
 */
export class Life {
  readonly name: string;
  relay: RelayPhase = 'idle';
  #state: 'running' | 'paused' | 'dead' = 'running';
  #held: (() => void)[] = [];
  readonly #deathWatch: (() => void)[] = [];
  readonly #wakeWatch: (() => void)[] = [];

  constructor(name: string) {
    this.name = name;
  }

  get dead(): boolean {
    return this.#state === 'dead';
  }

  get paused(): boolean {
    return this.#state === 'paused';
  }

  run(task: () => void): void {
    if (this.#state === 'dead') return;
    if (this.#state === 'paused') this.#held.push(task);
    else task();
  }

  /** Begins something of the process's own, and lets out what comes of it, each only while the process runs. */
  inside<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.run(() => {
        work().then(
          (value) => {
            this.run(() => {
              resolve(value);
            });
          },
          (error: unknown) => {
            this.run(() => {
              reject(asError(error));
            });
          },
        );
      });
    });
  }

  /** SIGSTOP. */
  pause(): void {
    if (this.#state === 'running') this.#state = 'paused';
  }

  /** SIGCONT. */
  resume(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'running';
    for (const task of this.#wakeWatch) task();
    for (const task of this.#held.splice(0)) this.run(task);
  }

  /** kill -9. */
  kill(): void {
    if (this.#state === 'dead') return;
    this.#state = 'dead';
    this.#held = [];
    for (const task of this.#deathWatch.splice(0)) task();
  }

  onDeath(task: () => void): void {
    if (this.#state === 'dead') task();
    else this.#deathWatch.push(task);
  }

  onWake(task: () => void): void {
    this.#wakeWatch.push(task);
  }
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
