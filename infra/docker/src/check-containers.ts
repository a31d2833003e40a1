import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { serviceNames, type ServiceName } from '@instep/contracts';
import { freePort } from '@instep/local-process';
import { parse } from 'yaml';

import { findEngine, type Engine } from './engine.ts';
import { onlyItsTopics } from './only-its-topics.ts';
import { profilesAreWhole } from './profiles.ts';
import { sendOrder } from './send-order.ts';
import { toolImages, toolsLook } from './tools-look.ts';
import { buildStandIns, nodeImage, runtimeImage } from './stand-ins.ts';

export interface CheckOptions {
  readonly repository: string;
  /** Folder of this workspace. */
  readonly files: string;
  readonly cacheDir: string;
  readonly jarsDir: string;
  say(line: string): void;
}

export interface Verdict {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
}

const needs =
  'a Docker daemon with compose, or as root: buildah, podman, runc, conmon, netavark, aardvark-dns, catatonit, podman-compose, debootstrap, iptables';
const project = 'instep-check';
const readyDeadlineMs = 240_000;

/** Builds every image, starts docker-compose.yml, sends an order through it, looks for what must not be there, and ends it. */
export async function checkContainers(options: CheckOptions): Promise<Verdict> {
  const { repository, say } = options;
  const workDir = mkdtempSync(join(tmpdir(), 'instep-containers-'));
  const tally = { passed: 0, failed: 0 };
  const check = async (what: string, work: () => Promise<string>): Promise<boolean> => {
    try {
      say(`✓ ${what.padEnd(16)}  ${await work()}`);
      tally.passed += 1;
      return true;
    } catch (error) {
      say(`✗ ${what.padEnd(16)}  ${(error as Error).message}`);
      tally.failed += 1;
      return false;
    }
  };
  try {
    const engine = await findEngine(workDir, repository);
    if (!engine) return { ...tally, skipped: [`building and starting: this machine lacks ${needs}`] };
    say(`• with ${engine.name}${engine.publicImages ? '' : ', and stand-ins for the images of public registries'}`);
    if (!engine.publicImages) await buildStandIns({ ...options, engine, workDir, onStep: (line) => say(`• ${line}`) });
    for (const name of [...serviceNames, ...toolImages])
      if (!(await check(`image ${name}`, () => buildImage(engine, name, options)))) return { ...tally, skipped: [] };
    const skipped = engine.publicImages
      ? []
      : ['the public images of Kafka and PostgreSQL, and starting the profiles "telemetry" and "console": no registry is asked'];
    await onCompose(engine, { ...options, workDir }, check, skipped);
    return { ...tally, skipped };
  } finally {
    rmSync(workDir, { recursive: true, force: true });
  }
}

type Check = (what: string, work: () => Promise<string>) => Promise<boolean>;

async function onCompose(
  engine: Engine,
  options: CheckOptions & { readonly workDir: string },
  check: Check,
  skipped: string[],
): Promise<void> {
  const ports = new Map(await Promise.all(serviceNames.map(async (name) => [name, await freePort()] as const)));
  const environment = Object.fromEntries([...ports].map(([name, port]) => [portVariable(name), String(port)]));
  const addressOf = (name: ServiceName): string => `http://127.0.0.1:${ports.get(name) ?? 0}`;
  const compose = (...args: readonly string[]): Promise<string> => engine.compose(['-p', project, ...args], environment);
  const container = (name: string): Promise<string> => containerOf(engine, name);
  if (await readsProfiles(compose)) {
    await check('profiles', async () =>
      profilesAreWhole(await compose('--profile', 'telemetry', '--profile', 'console', 'config'), options.repository),
    );
  } else skipped.push('reading the profiles: this podman-compose is older than 1.0.6');
  try {
    const up = await check('compose up', async () => {
      const begun = performance.now();
      await compose('up', '-d', 'kafka', 'postgres', 'topics', 'access', ...serviceNames);
      await Promise.all(serviceNames.map((name) => ready(addressOf(name), name, engine)));
      return `six services ready ${((performance.now() - begun) / 1_000).toFixed(1)} s after nothing was there`;
    });
    if (!up) return;
    await check('one order', async () => {
      const { journals, ms } = await sendOrder(addressOf);
      return `signed webhooks to ${journals} journals in the ledger in ${ms.toFixed(0)} ms`;
    });
    await check('health checks', async () => {
      const commands = healthCommands(options);
      for (const [name, command] of commands) await isHealthy(engine, await container(name), command, name);
      return `all ${commands.size} containers that stay are healthy by their own commands`;
    });
    await check('closed in', async () => {
      const id = await container('finance');
      const user = await engine.must(['inspect', '--format', '{{.Config.User}}', id]);
      if (!user.startsWith('10001')) throw new Error(`finance runs as "${user.trim()}"`);
      const write = await engine.run(['exec', id, '/usr/local/bin/node', '-e', 'fs.writeFileSync("/app/x", "")']);
      if (write.code === 0) throw new Error('finance can write its root file system');
      if ((await engine.run(['exec', id, '/bin/sh', '-c', 'true'])).code === 0) throw new Error('there is a shell in the image');
      return 'not root, nothing to write but /tmp, no shell';
    });
    await check('secrets', () => secretsStayInFiles(engine, options));
    await check('one database', async () => {
      const ask = `const { Client } = require('pg'); const url = fs.readFileSync('/run/secrets/finance-database-url', 'utf8').trim().replace(/\\/finance$/, '/hr');
new Client({ connectionString: url }).connect().then(() => process.exit(0), (error) => { console.error(error.message); process.exit(1); });`;
      const { code, stderr } = await engine.run([
        'exec',
        '--workdir',
        '/app/packages/postgres',
        await container('finance'),
        '/usr/local/bin/node',
        '-e',
        ask,
      ]);
      if (code === 0 || !/permission denied/.test(stderr)) throw new Error(`finance can enter the database of hr ${stderr.trim()}`);
      return 'the role of finance may not enter the database of hr';
    });
    await check('tools', () => toolsLook(engine, `${project}_default`, options.files, options.workDir));
    await check('only its topics', async () => onlyItsTopics(engine, await container('finance')));
    await check('start and end', async () => {
      const id = await container('hr');
      const stopping = performance.now();
      await engine.must(['stop', '--time', '20', id]);
      const stopped = performance.now();
      const code = (await engine.must(['inspect', '--format', '{{.State.ExitCode}}', id])).trim();
      if (code !== '0') throw new Error(`hr ended with code ${code}`);
      await engine.must(['start', id]);
      await ready(addressOf('hr'), 'hr', engine);
      const seconds = (ms: number): string => (ms / 1_000).toFixed(1);
      return `hr drains and ends with 0 in ${seconds(stopped - stopping)} s, is ready again ${seconds(performance.now() - stopped)} s later`;
    });
  } finally {
    await compose('down', '--volumes').catch(async () => compose('down'));
    await engine.run(['network', 'rm', `${project}_default`]); // left by an older podman-compose
  }
}

async function readsProfiles(compose: (...args: readonly string[]) => Promise<string>): Promise<boolean> {
  try {
    await compose('config');
    return true;
  } catch (error) {
    if (/invalid choice/.test((error as Error).message)) return false;
    throw error;
  }
}

async function buildImage(engine: Engine, service: string, { repository, files }: CheckOptions): Promise<string> {
  const begun = performance.now();
  const image = `localhost/instep/${service}:dev`;
  const bases = engine.publicImages ? [] : ['--build-arg', `NODE_IMAGE=${nodeImage}`, '--build-arg', `RUNTIME_IMAGE=${runtimeImage}`];
  const named = ['--build-arg', `SERVICE=${service}`, '--build-arg', 'VERSION=dev'];
  await engine.build([...bases, ...named, '-f', join(files, 'Dockerfile'), '-t', image], repository);
  const bytes = Number((await engine.must(['image', 'inspect', '--format', '{{.Size}}', image])).trim());
  return `${(bytes / 1e6).toFixed(0)} MB, built in ${((performance.now() - begun) / 1_000).toFixed(0)} s`;
}

async function ready(address: string, name: ServiceName, engine: Engine): Promise<void> {
  const deadline = Date.now() + readyDeadlineMs;
  while (Date.now() < deadline) {
    try {
      if ((await fetch(`${address}/health/ready`, { signal: AbortSignal.timeout(2_000) })).ok) return;
    } catch {
      // not listening yet
    }
    await pause(200);
  }
  const { stdout, stderr } = await engine.run(['logs', '--tail', '3', await containerOf(engine, name)]);
  throw new Error(`${name} was not ready after ${readyDeadlineMs / 1_000} s:\n${(stdout + stderr).trim()}`);
}

async function containerOf(engine: Engine, name: string): Promise<string> {
  const label = `label=com.docker.compose.service=${name}`;
  const id = (await engine.must(['ps', '-a', '-q', '--filter', `label=com.docker.compose.project=${project}`, '--filter', label]))
    .trim()
    .split('\n')[0];
  if (id === undefined || id === '') throw new Error(`there is no container of ${name}`);
  return id;
}

/** Asks by the command that the file names. Older versions of podman-compose pass it on wrongly, and podman alone runs none of them. */
async function isHealthy(engine: Engine, id: string, [kind, ...command]: readonly string[], name: string): Promise<void> {
  const args = kind === 'CMD-SHELL' ? ['sh', '-c', ...command] : command;
  const deadline = Date.now() + 60_000;
  for (;;) {
    const { code, stderr } = await engine.run(['exec', id, ...args]);
    if (code === 0) return;
    if (Date.now() > deadline) throw new Error(`the health check of ${name} fails: ${stderr.trim().slice(-300)}`);
    await pause(500);
  }
}

function healthCommands({ repository }: CheckOptions): ReadonlyMap<string, readonly string[]> {
  const { services } = parse(readFileSync(join(repository, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
    services: Readonly<
      Record<string, { readonly healthcheck?: { readonly test: readonly string[] }; readonly profiles?: readonly string[] }>
    >;
  };
  return new Map(
    Object.entries(services).flatMap(([name, { healthcheck, profiles }]) =>
      healthcheck && !profiles ? [[name, healthcheck.test] as const] : [],
    ),
  );
}

/** Passwords are in no image, no variable, no argument and no log line. */
async function secretsStayInFiles(engine: Engine, { files }: CheckOptions): Promise<string> {
  const folder = join(files, 'secrets');
  const texts = readdirSync(folder)
    .filter((name) => !name.endsWith('.md'))
    .map((name) => readFileSync(join(folder, name), 'utf8').trim());
  const passwords = texts.map((text) => /:([^:@]+)@/.exec(text)?.[1] ?? text);
  for (const name of ['kafka', 'postgres', 'topics', 'access', ...serviceNames]) {
    const id = await containerOf(engine, name);
    const logs = await engine.run(['logs', id]);
    const image = (await engine.must(['inspect', '--format', '{{.Image}}', id])).trim();
    const seen = [
      await engine.must(['inspect', id]),
      logs.stdout,
      logs.stderr,
      await engine.must(['history', '--no-trunc', image]),
      await engine.must(['inspect', image]),
    ];
    if (seen.some((text) => passwords.some((password) => text.includes(password))))
      throw new Error(`a password shows in the settings, the image or the log of ${name}`);
  }
  return `none of ${passwords.length} passwords in a variable, an argument, an image or a log`;
}

/** The same names as of `npm start`. */
function portVariable(name: ServiceName): string {
  return `INSTEP_${name.toUpperCase().replaceAll('-', '_')}_PORT`;
}
