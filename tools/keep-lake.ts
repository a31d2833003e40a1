import { constants } from 'node:os';
import { join } from 'node:path';
import { giveWay } from '@instep/command-line';
import { spawnGuarded, type GuardedProcess } from '@instep/local-process';
import { dataDir, repository, type System } from '@instep/platform';
import { lakeFolder } from './running-platform.ts';
import { supervise } from './supervise.ts';

const stopGraceMs = 10_000;

export type LakeKeeper = {
  /** Ends it between two files. */
  stop(): Promise<void>;
};

/**
 * Keeps the lake that npm run sql, lake and replay read up to date with the log, in a process of its own that comes after all else on the
 * machine and is started again when it ends, until `signal` is aborted.
 */
export async function keepLake({ platform }: System, say: (line: string) => void, signal: AbortSignal): Promise<LakeKeeper> {
  const databaseUrl = await platform.createDatabase('lake');
  const logFile = join(dataDir, 'logs', 'lake.log');
  let newest: GuardedProcess;
  const start = async () => {
    newest = await spawnGuarded({
      command: process.execPath,
      args: ['--disable-warning=ExperimentalWarning', join(repository, 'apps', 'lake', 'dist', 'main.js'), 'export', '--follow'],
      env: { ...process.env, KAFKA_BROKERS: platform.brokers, DATABASE_URL: databaseUrl, LAKE_FOLDER: lakeFolder },
      logFile,
    });
    giveWay(constants.priority.PRIORITY_BELOW_NORMAL, newest.pid);
    return { name: 'lake', logFile, exited: newest.exited };
  };
  void supervise(await start(), start, say, signal);
  return {
    stop: async () => {
      await newest.stop(stopGraceMs);
    },
  };
}
