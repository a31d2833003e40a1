import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A program with its arguments, as in `spawn`. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/**
 * A program that works as long as it is let, from the beginning each time that it is done. In a session of its own, as `npm run` starts what
 * gives way. Halted it keeps its place: what is measured beside it is its work, not its start.
 */
export class ProgramBeside {
  readonly what: string;
  readonly #program: Program;
  #child: ChildProcess | undefined;
  #working: Promise<void> = Promise.resolve();
  #ended = false;
  #fault: Error | undefined;

  /** `what`: as in "while <what>". */
  constructor(what: string, program: Program) {
    this.what = what;
    this.#program = program;
  }

  /** Begins, or goes on where it was halted. */
  goOn(): void {
    if (this.#child) this.#child.kill('SIGCONT');
    else this.#working = this.#again();
  }

  /** Throws when it failed meanwhile. */
  halt(): void {
    if (this.#fault) throw this.#fault;
    this.#child?.kill('SIGSTOP');
  }

  async end(): Promise<void> {
    this.#ended = true;
    this.#child?.kill('SIGKILL');
    await this.#working;
  }

  async #again(): Promise<void> {
    const { command, args, env } = this.#program;
    while (!this.#ended && this.#fault === undefined) {
      this.#child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'inherit'], detached: true });
      const [code] = (await once(this.#child, 'close')) as [number | null];
      if (code !== null && code !== 0) this.#fault = new Error(`${args.join(' ')} ended with code ${code}`);
    }
  }
}
