import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';

import { repository, toolchainDir } from '@instep/platform';
import type pg from 'pg';

/** Where and on what the figures were taken, line by line. */
export async function machine(server: pg.Pool): Promise<readonly string[]> {
  const { rows } = await server.query<{ version: string }>(`SELECT current_setting('server_version') AS version`);
  return [
    `date: ${new Date().toISOString().slice(0, 16)}Z`,
    `commit: ${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--untracked-files=no') === '' ? '' : ' with changes'}`,
    `machine: ${String(availableParallelism())} cores (${cpus()[0]?.model ?? 'unknown'}), ${(totalmem() / 2 ** 30).toFixed(0)} GB, ${type()} ${release()}`,
    `Node ${process.versions.node}, Kafka ${kafkaVersion()}, PostgreSQL ${rows[0]?.version ?? 'unknown'} (fsync on)`,
    'broker, database, six services and the load generator share these cores',
  ];
}

function kafkaVersion(): string {
  const jars = readdirSync(join(toolchainDir, 'kafka', 'lib'));
  return /kafka-clients-(.+)\.jar/.exec(jars.find((jar) => jar.startsWith('kafka-clients-')) ?? '')?.[1] ?? 'unknown';
}

function git(...args: readonly string[]): string {
  try {
    return execFileSync('git', ['-C', repository, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}
