import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { WorldResult } from '../evidence.ts';
import type { SeedAnswered, SeedAsked } from './seed-messages.ts';
import type { Variant } from './variant.ts';

const program = fileURLToPath(new URL('./seed-process.ts', import.meta.url));
const planting = new URL('../mutations/load-mutated.ts', import.meta.url).href;
/** Far more than any world takes, also on a machine with other things to do. */
const longestWorldMs = 180_000;
const longestStartMs = 180_000;

export interface SeedRun {
  readonly result: WorldResult;
  /** Milliseconds of real time. */
  readonly ms: number;
}

/** A process of its own for worlds: one that never ends, or takes the process with it, is a violation like any other. */
export class SeedRunner {
  readonly #mutation: string | undefined;
  #child: Promise<ChildProcess> | undefined;

  /** `mutation`: the defect that is planted into all that the process loads. */
  constructor(mutation?: string) {
    this.#mutation = mutation;
  }

  /** Rejects when the world could not be run: a defect of the simulation itself. */
  async run(seed: number, variant: Variant, wholeTrace = false): Promise<SeedRun> {
    const child = await (this.#child ??= this.#start());
    const answered = await ask(child, { seed, variant, wholeTrace });
    if (answered.kind === 'world') return { result: answered.result, ms: answered.ms };
    if (answered.kind === 'failed') throw new Error(`seed ${String(seed)} could not be run: ${answered.reason}`);
    this.stop();
    return { result: unfinished(seed, answered.why), ms: longestWorldMs };
  }

  stop(): void {
    const child = this.#child;
    this.#child = undefined;
    void child?.then((running) => running.kill('SIGKILL')).catch(() => undefined);
  }

  async #start(): Promise<ChildProcess> {
    const preload = this.#mutation === undefined ? [] : ['--import', planting];
    const child = fork(program, {
      execArgv: ['--conditions=instep-source', '--disable-warning=ExperimentalWarning', ...preload],
      env: { ...process.env, ...(this.#mutation === undefined ? {} : { INSTEP_MUTATION: this.#mutation }) },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const answered = await answerOf(child, longestStartMs);
    if (answered.kind === 'ready') return child;
    throw new Error(`a process for worlds did not start: ${answered.kind === 'ended' ? answered.why : answered.kind}`);
  }
}

type Answer = SeedAnswered | { readonly kind: 'ended'; readonly why: string };

function ask(child: ChildProcess, asked: SeedAsked): Promise<Exclude<Answer, { kind: 'ready' }>> {
  const answer = answerOf(child, longestWorldMs) as Promise<Exclude<Answer, { kind: 'ready' }>>;
  child.send(asked);
  return answer;
}

function answerOf(child: ChildProcess, longestMs: number): Promise<Answer> {
  return new Promise((resolve) => {
    let said = '';
    const hear = (text: Buffer): void => void (said += text.toString('utf8'));
    const settle = (answer: Answer): void => {
      clearTimeout(timer);
      child.off('message', onMessage).off('exit', onExit);
      child.stderr?.off('data', hear);
      resolve(answer);
    };
    const onMessage = (message: unknown): void => {
      settle(message as SeedAnswered);
    };
    const onExit = (code: number | null): void => {
      settle({ kind: 'ended', why: `the process ended with code ${String(code)}: ${said.trim().split('\n').slice(-20).join('\n')}` });
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      settle({ kind: 'ended', why: `it did not end within ${String(longestMs / 1_000)} s` });
    }, longestMs);
    child.on('message', onMessage).on('exit', onExit);
    child.stderr?.on('data', hear);
  });
}

function unfinished(seed: number, why: string): WorldResult {
  return {
    seed,
    violations: [{ invariant: 'END', text: `the world came to no end: ${why}`, virtualMs: 0 }],
    coverage: {},
    crashes: 0,
    lostMessages: 0,
    virtualMs: 0,
    orders: 0,
    steps: 0,
    faults: [],
    traceHash: '',
    trace: [],
  };
}
