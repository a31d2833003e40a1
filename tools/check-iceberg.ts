/** npm run check:iceberg: the lake as a table of Apache Iceberg, read by Spark; see `help` below. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { resolveJars } from '@instep/embedded-kafka';
import { startPostgres } from '@instep/embedded-postgres';
import { checkIceberg } from '@instep/lake';
import { answers, mustRun } from '@instep/local-process';
import { failInOneSentence, onEnding } from './ending.ts';
import { repository, secondsSince } from './running.ts';

const help = `npm run check:iceberg [-- options]

Makes a lake, registers its files as a table of Apache Iceberg (catalog in a PostgreSQL of its own), compacts it, registers again, and asks Spark
for every figure: each must be what DuckDB answers. Needs Python 3.10 with venv, Java 17 and Maven; gets Spark and Iceberg once, about 500 MB.
Ends with code 1 when something differs.

  --events <n>  events of the lake; default 20000
  --help        this

Example
  npm run check:iceberg`;

const program = join(repository, 'apps', 'lake', 'iceberg');
const kept = join(repository, '.instep', 'toolchain', 'iceberg');

onEnding(() => process.exit(130));
try {
  const { values } = parseArgs({ options: { events: { type: 'string', default: '20000' }, help: { type: 'boolean', default: false } } });
  if (values.help) console.log(help);
  else await check(Number(values.events));
} catch (error) {
  failInOneSentence(error);
}

async function check(events: number): Promise<void> {
  if (!Number.isInteger(events) || events < 1) throw new Error('--events takes a whole number, such as 20000');
  const begun = performance.now();
  const missing = await lacking();
  if (missing.length > 0) {
    console.log(`skipped: this machine lacks ${missing.join(', ')}\n\n0 passed, 0 failed`);
    return;
  }
  const say = (line: string): void => console.log(line);
  const python = await pythonWithSpark(say);
  const jarsDir = join(kept, 'jars');
  await resolveJars({
    pom: join(program, 'pom.xml'),
    jarsDir,
    what: 'Iceberg for Spark (about 50 MB, once)',
    onStep: (line) => say(`• ${line}`),
  });
  const jars = readdirSync(join(jarsDir, 'lib')).map((name) => join(jarsDir, 'lib', name));
  const folder = mkdtempSync(join(tmpdir(), 'instep-iceberg-'));
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), logFile: join(folder, 'postgres.log'), durable: false });
  try {
    const database = 'lake_catalog';
    await postgres.createDatabase(database);
    const { passed, failed } = await checkIceberg({
      ...{ program, python, jars, folder, events, say },
      catalog: { port: postgres.port, database },
    });
    say('skipped: Trino itself, which needs a newer Java than the one that is asked for here');
    say(`all of it took ${secondsSince(begun)}\n\n${passed} passed, ${failed} failed`);
    process.exitCode = failed === 0 ? 0 : 1;
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function lacking(): Promise<readonly string[]> {
  const recent = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))';
  const needs: readonly (readonly [string, boolean])[] = [
    ['Python 3.10 with venv', await answers('python3', ['-c', recent])],
    ['Java', await answers('java', ['-version'])],
    ['Maven', await answers('mvn', ['-v'])],
  ];
  return needs.flatMap(([what, there]) => (there ? [] : [what]));
}

/** An environment of its own with exactly the packages that are asked for; made once, and again when they change. */
async function pythonWithSpark(say: (line: string) => void): Promise<string> {
  const wanted = readFileSync(join(program, 'requirements.txt'), 'utf8');
  const environment = join(kept, 'python');
  const stamp = join(environment, 'requirements.stamp');
  const python = join(environment, 'bin', 'python');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  say('• getting Spark and sqlglot (about 450 MB, once)');
  rmSync(environment, { recursive: true, force: true });
  mkdirSync(kept, { recursive: true });
  await mustRun('python3', ['-m', 'venv', environment]);
  await mustRun(python, ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', '-r', join(program, 'requirements.txt')]);
  writeFileSync(stamp, wanted);
  return python;
}
