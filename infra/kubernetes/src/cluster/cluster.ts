import { setTimeout as pause } from 'node:timers/promises';

import type { Manifest } from '../manifest.ts';
import { mustRun, runProgram, type Ran } from '@instep/local-process';

/** A cluster as kubectl reaches it. */
export class Cluster {
  readonly #kubectl: string;
  readonly #config: string;

  constructor(kubectl: string, config: string) {
    this.#kubectl = kubectl;
    this.#config = config;
  }

  /** Gives what kubectl says; throws with the last of it when it fails. */
  must(args: readonly string[], input?: string): Promise<string> {
    return mustRun(this.#kubectl, this.#all(args), input === undefined ? {} : { input });
  }

  /** The same, and a failure is an answer too. */
  run(args: readonly string[], input?: string): Promise<Ran> {
    return runProgram(this.#kubectl, this.#all(args), input === undefined ? {} : { input });
  }

  /** Server-side, strict: an unknown field is refused. Gives one line for each object. */
  apply(text: string): Promise<string> {
    return this.must(['apply', '--server-side', '--field-manager=check', '--validate=strict', '-f', '-'], text);
  }

  async list<Kind extends Manifest = Manifest>(kinds: string, ...more: readonly string[]): Promise<readonly Kind[]> {
    const { items } = JSON.parse(await this.must(['get', kinds, '-o', 'json', ...more])) as { items: readonly Kind[] };
    return items;
  }

  #all(args: readonly string[]): readonly string[] {
    return ['--kubeconfig', this.#config, ...args];
  }
}

/** Asks until the answer is there. Throws with `what` after `deadlineMs`. */
export async function until<Answer>(what: string, deadlineMs: number, ask: () => Promise<Answer | undefined>): Promise<Answer> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`${what} did not come about within ${deadlineMs / 1_000} s`);
    await pause(250);
  }
}
