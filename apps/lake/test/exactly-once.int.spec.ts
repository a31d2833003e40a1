import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { EventLog } from '@instep/event-log';
import { createTopics, kafkaLog } from '@instep/event-log-kafka';
import { testDatabase, type TestDatabase } from '@instep/postgres/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { manifestPath, readManifest } from '../src/manifest/manifest-file.ts';
import { announceReader } from '../src/manifest/readers.ts';
import { hashesOf } from '../src/testing/folder-bytes.ts';
import { sampleRecord } from '../src/testing/sample-records.ts';
import { verifyLake } from '../src/verify/verify-lake.ts';

const topic = `lake-${randomUUID()}`;
const perPartition = 8_000;
const block = 500;
const program = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'lake-once-'));

let log: EventLog;
let database: TestDatabase;

function brokers(): string {
  const given = process.env['KAFKA_BROKERS'];
  if (!given) throw new Error('KAFKA_BROKERS is not set: this spec needs a broker.');
  return given;
}

beforeAll(async () => {
  const connection = { brokers: brokers().split(','), clientId: 'lake-test' };
  await createTopics(connection, [{ name: topic, partitions: 2 }], { replicationFactor: 1 });
  database = await testDatabase();
  log = kafkaLog(connection);
  for (const partition of [0, 1]) {
    const numbers = Array.from({ length: perPartition }, (_, index) => index);
    for (let at = 0; at < perPartition; at += 2_000) {
      await log.append(
        { topic, partition },
        numbers.slice(at, at + 2_000).map((n) => sampleRecord(n)),
      );
    }
  }
}, 60_000);

afterAll(async () => {
  await log.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** Node's arguments for an export of the topic. */
const exporting = [
  '--conditions=instep-source',
  '--disable-warning=ExperimentalWarning',
  program,
  'export',
  '--topics',
  topic,
  '--block',
  String(block),
];

/** `through`: a program that runs it. */
function startExport(lake: string, { through = [], more = [] }: Partial<Record<'through' | 'more', readonly string[]>> = {}): ChildProcess {
  const [command = '', ...args] = [...through, process.execPath, ...exporting, ...more];
  return spawn(command, args, {
    env: { PATH: process.env['PATH'], KAFKA_BROKERS: brokers(), DATABASE_URL: database.url, LAKE_FOLDER: lake },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

async function finished(child: ChildProcess): Promise<{ code: number | null; said: string }> {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, said };
}

/** Kills it after it has written something more, at a moment that nobody chose. */
async function kill(child: ChildProcess, lake: string): Promise<void> {
  const before = sizeOf(manifestPath(lake));
  const deadline = Date.now() + 20_000;
  while (child.exitCode === null && sizeOf(manifestPath(lake)) === before && Date.now() < deadline) await pause(1);
  await pause(Math.random() * 60);
  child.kill('SIGKILL');
  await finished(child);
}

function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}

describe('an export that is killed', () => {
  it('gives the same bytes as one that is left alone, and every record once', async () => {
    const undisturbed = join(folder, 'undisturbed');
    const killed = join(folder, 'killed');
    expect(await finished(startExport(undisturbed))).toEqual({ code: 0, said: '' });
    for (let times = 0; times < 6; times += 1) await kill(startExport(killed), killed);
    const kept = readManifest(killed).files().length;
    expect(await finished(startExport(killed))).toEqual({ code: 0, said: '' });

    expect(hashesOf(killed)).toEqual(hashesOf(undisturbed));
    expect(Object.keys(hashesOf(killed))).toHaveLength((2 * perPartition) / block);
    expect(kept).toBeGreaterThan(0);
    const { findings, counts } = await verifyLake({ folder: killed, manifest: readManifest(killed), log });
    expect(findings).toEqual([]);
    for (const count of counts)
      expect(count).toMatchObject({
        rows: perPartition,
        distinct: perPartition,
        lastSequence: perPartition,
        inLog: perPartition,
        behind: 0,
      });
    expect(await database.query('SELECT path, sha256, row_count::int AS rows FROM lake.lake_manifest ORDER BY path')).toEqual(
      readManifest(killed)
        .files()
        .map(({ path, sha256, rows }) => ({ path, sha256, rows })),
    );
  }, 150_000);

  it('says in a sentence that the disk is full, and loses nothing', async () => {
    if (process.platform === 'win32') return;
    const lake = join(folder, 'full');
    // No file may become longer than 8 blocks of 512 bytes: as a full disk, in the middle of a file.
    const limited = startExport(lake, { through: ['sh', '-c', 'ulimit -f 8; exec "$0" "$@"'] });
    const { code, said } = await finished(limited);
    expect(code).toBe(1);
    expect(said).toMatch(/^The disk of .* is full\. Nothing is lost: make room and run the command again/);
    expect(await finished(startExport(lake))).toEqual({ code: 0, said: '' });
    expect(hashesOf(lake)).toEqual(hashesOf(join(folder, 'undisturbed')));
  }, 60_000);
});

describe('an export that follows the log', () => {
  it('keeps up until it is asked to end, and the lake is whole at every look', async () => {
    const lake = join(folder, 'followed');
    const exporter = startExport(lake, { more: ['--follow', '--every', '0.2'] });
    const ended = finished(exporter);
    /** As the command does it: what it reads stays there meanwhile. */
    const findings = async (): Promise<readonly unknown[]> => {
      const reader = announceReader(lake);
      try {
        return (await verifyLake({ folder: lake, manifest: readManifest(lake) })).findings;
      } finally {
        reader.release();
      }
    };
    try {
      await reach(lake, 2 * perPartition);
      for (let n = 0; n < 40; n += 1) {
        await log.append({ topic, partition: 0 }, [sampleRecord(perPartition + n)]);
        if (n % 8 === 0) expect(await findings()).toEqual([]);
      }
      await reach(lake, 2 * perPartition + 40);
    } finally {
      exporter.kill('SIGTERM');
    }
    expect(await ended).toEqual({ code: 0, said: '' });
    expect((await verifyLake({ folder: lake, manifest: readManifest(lake), log })).findings).toEqual([]);
  }, 120_000);
});

/** Waits until the files of the lake have so many rows. */
async function reach(lake: string, count: number): Promise<void> {
  const rows = (): number => {
    const files = existsSync(manifestPath(lake)) ? readManifest(lake).files() : [];
    return files.reduce((sum, file) => sum + file.rows, 0);
  };
  for (const deadline = Date.now() + 40_000; rows() < count;) {
    if (Date.now() > deadline) throw new Error(`${String(rows())} of ${String(count)} rows are there`);
    await pause(20);
  }
}
