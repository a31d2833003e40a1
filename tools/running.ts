import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('..', import.meta.url));

/** Path of the program `name` of the npm package `of`; run it with Node (no shell, no npx). */
export function programOf(of: string, name = of): string {
  const manifest = join(repository, 'node_modules', of, 'package.json');
  if (!existsSync(manifest)) throw new Error(`${of} is not installed`);
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: string | Record<string, string> };
  const program = typeof bin === 'string' ? bin : bin[name];
  if (program === undefined) throw new Error(`${of} has no program ${name}`);
  return join(dirname(manifest), program);
}

export type Finished = { readonly code: number; readonly output: string };

export type Running = { readonly finished: Promise<Finished>; stop(): void };

/**
 * Runs a Node program in the repository's folder with the given arguments; collects what it prints, and passes it on
 * as well when `shown`.
 */
export function runNode(args: readonly string[], options: { shown?: boolean; environment?: NodeJS.ProcessEnv } = {}): Running {
  const child = spawn(process.execPath, args, {
    cwd: repository,
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { finished: collect(child, options.shown ?? false), stop: () => void child.kill('SIGTERM') };
}

function collect(child: ChildProcess, shown: boolean): Promise<Finished> {
  let output = '';
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const) {
    from?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (shown) to.write(text);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** "3.2 s" since `start` (milliseconds of performance.now). */
export function secondsSince(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}
