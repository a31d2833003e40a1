/** npm test: the checks, then every workspace's tests on a real broker and a real database of their own. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPlatform, type Platform } from '@instep/platform';
import { runChecks } from './checks.ts';
import { failInOneSentence, onEnding } from './ending.ts';
import { tallyOf } from './jest-tally.ts';
import { programOf, repository, runNode, secondsSince } from './running.ts';

const begun = performance.now();
const stopping = new AbortController();
const isStopping = () => stopping.signal.aborted; // asked after each wait, so not narrowed
const work = mkdtempSync(join(tmpdir(), 'instep-test-'));
let platform: Platform | undefined;

onEnding(() => {
  stopping.abort();
  process.exitCode = 130;
});

try {
  await testEverything();
} catch (error) {
  failInOneSentence(error);
} finally {
  await platform?.stop();
  rmSync(work, { recursive: true, force: true });
}

async function testEverything(): Promise<void> {
  const checks = await runChecks(stopping.signal);
  if (isStopping()) return;

  const start = performance.now();
  platform = await startPlatform({ dataDir: work, profile: 'test' });
  console.log(`broker and database up in ${secondsSince(start)}: ${platform.brokers}, ${platform.databaseUrl}`);

  // Whole systems first need the processors for themselves; so the scenarios run alone, after everything else.
  const phases = existsSync(join(repository, 'scenarios', 'package.json'))
    ? [
        ['--filter=!@instep/scenarios', '--concurrency=2'],
        ['--filter=@instep/scenarios', '--concurrency=1'],
      ]
    : [['--concurrency=2']];
  let { passed, failed } = checks;
  let exitCode = failed === 0 ? 0 : 1;
  for (const phase of phases) {
    if (isStopping()) return;
    const outcome = await runWorkspaces(phase, platform);
    passed += outcome.passed;
    failed += outcome.failed;
    if (outcome.code !== 0) exitCode = 1;
  }
  // A suite that could not even start has failed no test.
  if (exitCode !== 0) failed = Math.max(failed, 1);
  process.exitCode ??= exitCode;
  console.log(`all of it took ${secondsSince(begun)}\n\n${passed} passed, ${failed} failed`);
}

async function runWorkspaces(phase: readonly string[], { brokers, databaseUrl }: Platform) {
  const turbo = [programOf('turbo'), 'run', 'test', ...phase, '--continue=dependencies-successful', '--log-order=grouped', '--ui=stream'];
  const { finished, stop } = runNode(turbo, {
    shown: true,
    environment: {
      KAFKA_BROKERS: brokers,
      DATABASE_URL: databaseUrl,
      TURBO_TELEMETRY_DISABLED: '1',
      TURBO_NO_UPDATE_NOTIFIER: '1',
      TURBO_PRINT_VERSION_DISABLED: '1',
    },
  });
  stopping.signal.addEventListener('abort', stop);
  const { code, output } = await finished;
  return { code, ...tallyOf(output) };
}
