import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { programOf, repository, runNode, secondsSince } from './running.ts';

type Check = { readonly name: string; readonly args: () => readonly string[]; readonly needs?: string };

const folders = ['packages', 'apps', 'scenarios', 'simulation', 'bench', 'infra', 'tools'];
const source = '--conditions=instep-source';

/** What can be said about the code without running it. One that needs a file is left out until the file is there. */
const checks: readonly Check[] = [
  { name: 'types', args: () => [programOf('typescript', 'tsc'), '--noEmit', '-p', 'tsconfig.json', '--pretty', 'false'] },
  { name: 'lint', args: () => [programOf('eslint'), '.'] },
  { name: 'format', args: () => [programOf('prettier'), '--check', '--log-level=warn', '.'] },
  {
    name: 'imports',
    args: () => [programOf('dependency-cruiser', 'depcruise'), ...folders.filter((name) => existsSync(join(repository, name)))],
    needs: '.dependency-cruiser.cjs',
  },
  { name: 'unused', args: () => [programOf('knip')], needs: 'knip.json' },
  { name: 'contracts', args: () => [source, 'tools/check-contracts.ts'], needs: 'tools/check-contracts.ts' },
  { name: 'reference', args: () => [source, 'tools/docs.ts', '--check'], needs: 'tools/docs.ts' },
  { name: 'manifests', args: () => [source, 'tools/manifests.ts', '--check'], needs: 'tools/manifests.ts' },
  { name: 'docs', args: () => [source, 'tools/check-docs.ts'], needs: 'tools/check-docs.ts' },
  { name: 'tree', args: () => [source, 'tools/check-tree.ts'], needs: 'tools/check-tree.ts' },
];

export type Tally = { readonly passed: number; readonly failed: number };

/**
 * Runs all checks, two at a time, and prints one line for each with the time it took; of a failed one also what it
 * said. `signal` abandons them.
 */
export async function runChecks(signal?: AbortSignal): Promise<Tally> {
  const waiting = checks.filter(({ needs }) => needs === undefined || existsSync(join(repository, needs)));
  let passed = 0;
  let failed = 0;
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined && !signal?.aborted; check = waiting.shift()) {
      if (await holds(check, signal)) passed += 1;
      else failed += 1;
    }
  };
  await Promise.all([worker(), worker()]);
  return { passed, failed };
}

async function holds(check: Check, signal: AbortSignal | undefined): Promise<boolean> {
  const start = performance.now();
  const { finished, stop } = runNode(check.args());
  signal?.addEventListener('abort', stop);
  const { code, output } = await finished;
  const ok = code === 0;
  console.log(`${ok ? '✓' : '✗'} ${check.name.padEnd(10)} ${ok ? 'ok' : 'failed'} in ${secondsSince(start)}`);
  if (!ok) console.log(`${output.trimEnd()}\n`);
  return ok;
}
