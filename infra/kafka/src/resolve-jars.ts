import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PlatformFault, withLock } from '@instep/local-process';

export type JarsOptions = {
  /** Maven project whose runtime dependencies are wanted. */
  readonly pom: string;
  /** What they are, for people: "the Kafka jars (about 45 MB, once)". */
  readonly what?: string;
  /** Folder kept between runs; made when missing. */
  readonly jarsDir: string;
  readonly onStep?: (line: string) => void;
};

/**
 * Fills `jarsDir` with jars through Maven, the broker's unless told otherwise, once: a later call with the same pom returns at once. Safe in
 * several processes at the same time. Errors: `platform/maven-missing`, `platform/maven-failed`, `platform/disk-full`.
 */
export async function resolveJars({
  pom,
  jarsDir,
  what = 'the Kafka jars (about 45 MB, once)',
  onStep = () => undefined,
}: JarsOptions): Promise<void> {
  const wanted = hashOf(pom);
  if (stampOf(jarsDir) === wanted) return;
  await withLock(
    `${jarsDir}.lock`,
    async () => {
      if (stampOf(jarsDir) === wanted) return; // the process before us did it
      onStep(`getting ${what}`);
      rmSync(jarsDir, { recursive: true, force: true });
      mkdirSync(jarsDir, { recursive: true });
      const project = join(jarsDir, 'pom.xml');
      cpSync(pom, project); // Maven writes beside the pom; that must not be the source tree
      await copyDependencies(project, libOf(jarsDir));
      writeFileSync(join(jarsDir, 'stamp'), wanted);
    },
    () => onStep('waiting for another run that is getting jars'),
  );
}

function libOf(jarsDir: string): string {
  return join(jarsDir, 'lib');
}

/** Sorted: an archive of loaded classes is valid for one exact class path only. */
export function classPathOf(jarsDir: string): string {
  const lib = libOf(jarsDir);
  const jars = existsSync(lib) ? readdirSync(lib).filter((name) => name.endsWith('.jar')) : [];
  if (jars.length === 0) throw new Error(`no jars in ${lib}: call resolveJars first`);
  return jars
    .toSorted()
    .map((name) => join(lib, name))
    .join(process.platform === 'win32' ? ';' : ':');
}

function hashOf(pom: string): string {
  return createHash('sha256').update(readFileSync(pom)).digest('hex');
}

function stampOf(jarsDir: string): string | undefined {
  const stamp = join(jarsDir, 'stamp');
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : undefined;
}

async function copyDependencies(project: string, lib: string): Promise<void> {
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${lib}`];
  const windows = process.platform === 'win32';
  const maven = spawn(windows ? 'mvn.cmd' : 'mvn', ['-q', '-B', '-f', project, ...goal], {
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: windows,
  });
  let output = '';
  maven.stdout.on('data', (chunk) => (output += String(chunk)));
  maven.stderr.on('data', (chunk) => (output += String(chunk)));
  const code = await new Promise<number | null>((resolve, reject) => {
    maven.once('close', resolve);
    maven.once('error', (cause) =>
      reject(
        new PlatformFault(
          'platform/maven-missing',
          'Maven (mvn) is needed once to get jars: install it; for Kafka, setting KAFKA_BROKERS does as well.',
          cause,
        ),
      ),
    );
  });
  if (code !== 0) throw mavenFault(output);
}

function mavenFault(output: string): PlatformFault {
  if (output.includes('No space left on device')) {
    return new PlatformFault('platform/disk-full', 'The disk is full: make room for the jars (100 MB), then start again.');
  }
  const reason = /\[ERROR\] (.*)/.exec(output)?.[1] ?? output.trim().slice(0, 300);
  return new PlatformFault('platform/maven-failed', `Maven could not get the jars (is there a network?): ${reason}`);
}
