import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Another process of the bench, from the built code as the services run it; ends with this one. */
export class Child {
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#process = child;
  }

  /** `program` is its file in `src`, without the ending. */
  static start(program: string, args: readonly string[]): Child {
    const file = fileURLToPath(new URL(`../dist/${program}.js`, import.meta.url));
    const execArgv = ['--enable-source-maps', '--disable-warning=TimeoutNegativeWarning'];
    return new Child(fork(file, [...args], { execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }));
  }

  get pid(): number {
    return this.#process.pid ?? -1;
  }

  /** Sends a message and waits for the next answer. Rejects when the process ends before. */
  async ask<Answer>(message: object): Promise<Answer> {
    const answer = this.#next<Answer>();
    this.#process.send(message);
    return answer;
  }

  async #next<Answer>(): Promise<Answer> {
    const over = new AbortController();
    try {
      const ended = once(this.#process, 'exit', { signal: over.signal }).then(([code, signal]) => {
        throw new Error(`${this.#process.spawnargs.at(1) ?? 'a process'} ended with ${String(code ?? signal)} instead of answering`);
      });
      const [answer] = (await Promise.race([once(this.#process, 'message', { signal: over.signal }), ended])) as [Answer];
      return answer;
    } finally {
      over.abort();
    }
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.disconnect();
    await ended;
  }
}
