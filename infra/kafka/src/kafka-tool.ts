import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { javaArguments } from './broker-process.ts';
import { logging } from './broker-settings.ts';
import { pomFile } from './pom.ts';
import { prepareKafka } from './prepare-kafka.ts';

const run = promisify(execFile);

const mainClasses = {
  'kafka-topics': 'org.apache.kafka.tools.TopicCommand',
  'kafka-configs': 'kafka.admin.ConfigCommand',
} as const;

export type KafkaToolOptions = {
  readonly jarsDir: string;
  readonly brokers: string;
  /** Client settings, for a broker that asks for a password; in a file that only this process can read. */
  readonly settings?: string;
};

/** Runs a tool of Kafka's own, as an administrator does, and gives what it printed. Rejects when it ends with another code than 0. */
export async function kafkaTool(
  tool: keyof typeof mainClasses,
  args: readonly string[],
  { jarsDir, brokers, settings }: KafkaToolOptions,
): Promise<string> {
  const { java } = await prepareKafka({ jarsDir, pom: pomFile });
  const folder = mkdtempSync(join(tmpdir(), 'instep-kafka-tool-'));
  try {
    const loggingFile = join(folder, 'log4j2.properties');
    writeFileSync(loggingFile, logging);
    const settingsFile = join(folder, 'client.properties');
    if (settings !== undefined) writeFileSync(settingsFile, settings, { mode: 0o600 });
    const all = ['--bootstrap-server', brokers, ...(settings === undefined ? [] : ['--command-config', settingsFile]), ...args];
    const { stdout } = await run(java.command, javaArguments({ java, jarsDir, loggingFile }, mainClasses[tool], all));
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
