import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import { pomFile, resolveJars } from '@instep/embedded-kafka';
import { serverFiles } from '@instep/embedded-postgres';
import { mustRun } from '@instep/local-process';

import type { Engine } from './engine.ts';

export const nodeImage = 'localhost/instep-base/node:dev';
export const runtimeImage = 'localhost/instep-base/cc:dev';

const madeFrom = 'instep.made-from';
const certificates = '/etc/ssl/certs/ca-certificates.crt';
/** What the program of Node needs beside itself. */
const libraries = ['libc.so.6', 'libm.so.6', 'libdl.so.2', 'libpthread.so.0', 'librt.so.1', 'libgcc_s.so.1', 'libstdc++.so.6'];

export interface StandInOptions {
  readonly engine: Engine;
  /** Folder of this workspace. */
  readonly files: string;
  /** Kept between runs. */
  readonly cacheDir: string;
  readonly workDir: string;
  /** Folder of the Kafka jars, as the embedded broker has it. */
  readonly jarsDir: string;
  onStep(line: string): void;
}

/** Builds, where they are missing, images under the names that our files use: a base with Node, one without a shell, Kafka, PostgreSQL. */
export async function buildStandIns(options: StandInOptions): Promise<void> {
  const { engine, files, workDir, onStep } = options;
  const missing = async (image: string): Promise<boolean> => (await engine.run(['image', 'exists', image])).code !== 0;
  // A stand-in that was built from other files is none.
  const stale = async (image: string, version: string): Promise<boolean> =>
    (await engine.run(['image', 'inspect', '--format', `{{index .Config.Labels "${madeFrom}"}}`, image])).stdout.trim() !== version;
  const stage = (name: string): string => {
    const folder = join(workDir, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  };
  if (await missing(nodeImage)) {
    onStep('base image: Debian and this Node');
    const folder = stage('node');
    cpSync(await debianFolder(options), join(folder, 'debian'), { recursive: true, verbatimSymlinks: true });
    cpSync(process.execPath, join(folder, 'node'));
    cpSync(await npmFolder(), join(folder, 'npm'), { recursive: true, dereference: true });
    cpSync(certificates, join(folder, 'certificates.crt'));
    await engine.build(['-f', join(files, 'stand-ins', 'node.Dockerfile'), '-t', nodeImage], folder);
  }
  if (await missing(runtimeImage)) {
    onStep('runtime image: libraries and certificates, no shell');
    const folder = stage('cc');
    writeLibraries(await debianFolder(options), join(folder, 'root'));
    await engine.build(['-f', join(files, 'stand-ins', 'cc.Dockerfile'), '-t', runtimeImage], folder);
  }
  const base = ['--build-arg', `BASE_IMAGE=${nodeImage}`];
  const kafka = versionOf(join(files, 'stand-ins', 'kafka'));
  if (await stale('docker.io/apache/kafka:4.3.1', kafka)) {
    onStep('stand-in for docker.io/apache/kafka:4.3.1');
    const folder = stage('kafka');
    cpSync(join(files, 'stand-ins', 'kafka'), folder, { recursive: true });
    await resolveJars({ pom: pomFile, jarsDir: options.jarsDir, onStep });
    cpSync(join(options.jarsDir, 'lib'), join(folder, 'lib'), { recursive: true });
    await engine.build([...base, '--label', `${madeFrom}=${kafka}`, '-t', 'docker.io/apache/kafka:4.3.1'], folder);
  }
  const postgres = versionOf(join(files, 'stand-ins', 'postgres'));
  if (await stale('docker.io/library/postgres:18', postgres)) {
    onStep('stand-in for docker.io/library/postgres:18');
    const folder = stage('postgres');
    cpSync(join(files, 'stand-ins', 'postgres'), folder, { recursive: true });
    copyPostgres(join(folder, 'native'));
    await engine.build([...base, '--label', `${madeFrom}=${postgres}`, '-t', 'docker.io/library/postgres:18'], folder);
  }
}

function versionOf(folder: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest('hex').slice(0, 16);
}

async function debianFolder({ cacheDir, onStep }: StandInOptions): Promise<string> {
  const folder = join(cacheDir, 'debian');
  if (existsSync(folder)) return folder;
  onStep('Debian as a folder (once)');
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(dirname(part), { recursive: true });
  await mustRun('nice', ['debootstrap', '--variant=minbase', '--include=ca-certificates', 'bookworm', part]);
  rmSync(join(part, 'dev'), { recursive: true, force: true }); // the engine makes its own
  mkdirSync(join(part, 'dev'));
  renameSync(part, folder);
  return folder;
}

async function npmFolder(): Promise<string> {
  const own = process.env['npm_execpath'];
  if (own?.endsWith('npm-cli.js') === true) return dirname(dirname(realpathSync(own)));
  const root = (await mustRun('npm', ['root', '--global'])).trim();
  const beside = join(root, 'npm');
  if (existsSync(beside)) return beside;
  const command = (await mustRun('sh', ['-c', 'command -v npm'])).trim();
  return dirname(dirname(realpathSync(command)));
}

function writeLibraries(debian: string, root: string): void {
  const machine = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  const target = join(root, 'usr', 'lib', machine);
  mkdirSync(target, { recursive: true });
  for (const name of libraries) cpSync(realpathSync(join(debian, 'usr', 'lib', machine, name)), join(target, name));
  symlinkSync('usr/lib', join(root, 'lib'));
  symlinkSync('usr/lib', join(root, 'lib64'));
  const loader = process.arch === 'arm64' ? 'ld-linux-aarch64.so.1' : 'ld-linux-x86-64.so.2';
  cpSync(realpathSync(join(debian, 'usr', 'lib', machine, loader)), join(root, 'usr', 'lib', loader));
  mkdirSync(join(root, 'etc', 'ssl', 'certs'), { recursive: true });
  cpSync(certificates, join(root, 'etc', 'ssl', 'certs', 'ca-certificates.crt'));
  writeFileSync(join(root, 'etc', 'passwd'), 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:10001:10001:nonroot:/:/sbin/nologin\n');
}

function copyPostgres(target: string): void {
  // Links as they are: followed, they would be made to point to where they were copied from.
  cpSync(serverFiles(), target, { recursive: true, verbatimSymlinks: true });
  for (const program of readdirSync(join(target, 'bin'))) chmodSync(join(target, 'bin', program), 0o755);
}
