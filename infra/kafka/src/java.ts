import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PlatformFault } from '@instep/local-process';

const run = promisify(execFile);
const oldestJava = 17;

export type Java = { readonly command: string; readonly version: string };

/**
 * The Java runtime of `javaHome`, else of JAVA_HOME, else on the path.
 * Errors: `platform/java-missing`, `platform/java-too-old` (Kafka 4 needs 17 or newer).
 */
export async function findJava(javaHome: string | undefined = process.env['JAVA_HOME']): Promise<Java> {
  const command = javaHome ? join(javaHome, 'bin', 'java') : 'java';
  const version = await askVersion(command);
  const major = majorOf(version);
  if (major < oldestJava) {
    throw new PlatformFault(
      'platform/java-too-old',
      `Java ${version} is too old for the embedded Kafka: install Java ${oldestJava} or newer, or point JAVA_HOME at one, or set KAFKA_BROKERS.`,
    );
  }
  return { command, version };
}

/** 17 of "17.0.15", 8 of "1.8.0_392", 25 of "25". */
export function majorOf(version: string): number {
  const [first = '0', second = '0'] = version.split(/[._-]/);
  return Number(first === '1' ? second : first);
}

async function askVersion(command: string): Promise<string> {
  try {
    const { stderr, stdout } = await run(command, ['-version']);
    return /version "([^"]+)"/.exec(stderr + stdout)?.[1] ?? '0';
  } catch (cause) {
    throw new PlatformFault(
      'platform/java-missing',
      `No Java runtime answers at "${command}": install Java ${oldestJava} or newer (and Maven), or point JAVA_HOME at one, or set KAFKA_BROKERS.`,
      cause,
    );
  }
}
