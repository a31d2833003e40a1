import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { DuckDBInstance } from '@duckdb/node-api';
import { inMemoryLog, type InMemoryLog } from '@instep/event-log';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { exportLog } from '../log/export-log.ts';
import { runLake } from '../run-lake.ts';
import { sampleLake, type SampleLake } from '../testing/lake-in-memory.ts';
import { eventsOf } from '../testing/sample-story.ts';
import { asOfSql } from './as-of.ts';
import { buildRowHistory } from './build-row-history.ts';
import { keptDepartments, type KeptDepartment } from './departments.ts';
import { historyFilesOnDisk } from './files-on-disk.ts';
import { historyFolder, readHistory } from './history-manifest.ts';

jest.setTimeout(60_000);

const begin = Date.UTC(2026, 2, 1, 8);

let log: InMemoryLog;
let lake: SampleLake;

beforeEach(() => {
  log = inMemoryLog({ topics: { orders: 6 } });
  lake = sampleLake({});
});

afterEach(async () => {
  await lake.remove();
});

/** An order was placed; recorded 50 ms after that. */
async function placed(name: string, placedAt: number, partition: number, change = (value: string): string => value): Promise<void> {
  const story = {
    orderId: `shop:${name}`,
    channel: 'shop',
    placedAt,
    item: 'A',
    quantity: 1,
    priceCents: 100,
    costCents: 50,
    customer: null,
  };
  const [first] = eventsOf(story);
  if (first === undefined) throw new Error('no story');
  const value = Buffer.from(change(first.record.value.toString()));
  await log.append({ topic: 'orders', partition }, [{ ...first.record, value }]);
}

async function build(until: number, more: { segment?: number; signal?: AbortSignal; onProgress?: () => void } = {}): Promise<void> {
  const folder = join(lake.folder, historyFolder);
  await buildRowHistory({ log, folder, lake: lake.folder, departments: keptDepartments(), until, ...more });
}

/** Numbers of the orders that were known at a moment, or another column of them. */
async function ordersAt(at: number, column = 'number'): Promise<readonly unknown[]> {
  const folder = join(lake.folder, historyFolder);
  const manifest = readHistory(folder);
  const table = manifest.tables.find((each) => each.table === 'order_summary');
  if (!table) throw new Error('no table of orders');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(`SELECT ${column} FROM (${asOfSql(manifest, table, at, folder)}) ORDER BY 1`))
      .getRowsJson()
      .flat();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const upTo = (): number => readHistory(join(lake.folder, historyFolder)).progress?.upTo ?? 0;

describe('an answer as of the last moment that a row history knows', () => {
  it('stays as it is when something comes late', async () => {
    await placed('1', begin, 0);
    const until = begin + 60_000;
    await build(until);
    expect(upTo()).toBe(until);
    const before = await ordersAt(until);
    expect(before).toEqual(['#shop:1']);
    // Recorded before, and long on its way.
    await placed('2', begin + 1_000, 1);
    await build(until + 60_000);
    expect(await ordersAt(until)).toEqual(before);
    expect(await ordersAt(until + 60_000)).toEqual(['#shop:1', '#shop:2']);
  });

  it('is not given while more of the same moment may follow', async () => {
    const stop = new AbortController();
    for (const partition of [0, 1, 2, 3]) await placed(String(partition), begin, partition);
    for (let n = 0; n < 2_000; n += 1) await placed(`more-${String(n)}`, begin, 4);
    // Stopped after the first batch, in the middle of one moment.
    await build(begin + 60_000, { signal: stop.signal, onProgress: () => stop.abort() });
    expect(upTo()).toBeLessThan(begin + 50);
    await build(begin + 60_000);
    expect(await ordersAt(begin + 60_000)).toHaveLength(2_004);
    expect(upTo()).toBe(begin + 60_000);
  });

  it('is the same when nothing came', async () => {
    await placed('1', begin, 0);
    await build(begin + 60_000);
    await build(begin + 60_000);
    expect(readHistory(join(lake.folder, historyFolder))).toMatchObject({ changes: 1, progress: { upTo: begin + 60_000 } });
  });
});

describe('a row history', () => {
  it('takes half a character as the databases do', async () => {
    await placed('1', begin, 0, (value) => value.replace('"number":"#shop:1"', String.raw`"number":"a\ud83db"`));
    await build(begin + 60_000);
    expect(await ordersAt(begin + 60_000)).toEqual(['a\uFFFDb']);
  });
});

describe('a row history that other code began', () => {
  const folder = () => join(lake.folder, historyFolder);
  const buildWith = (departments: readonly KeptDepartment[]) =>
    buildRowHistory({ log, folder: folder(), lake: lake.folder, departments, until: begin + 3_600_000 });

  /** Orders are called otherwise. */
  function otherwise(): readonly KeptDepartment[] {
    return keptDepartments().map((department) => ({
      ...department,
      definition: {
        ...department.definition,
        projections: department.definition.projections.map((projection) =>
          projection.kind === 'state' && projection.table.name === 'order_summary'
            ? {
                ...projection,
                rows: (...asked: Parameters<typeof projection.rows>) =>
                  projection.rows(...asked).map((row) => ({ ...row, channel: 'other' })),
              }
            : projection,
        ),
      },
    }));
  }

  it('is refused in a sentence when this code makes other rows of it, and goes on when it makes the same', async () => {
    await placed('1', begin, 0);
    await buildWith(keptDepartments());
    const before = readHistory(folder()).changes;
    await placed('2', begin + 60_000, 1);
    await expect(buildWith(otherwise())).rejects.toMatchObject({
      code: 'lake/history-stale',
      message:
        'This release makes other rows of the first 1 records than the one that began the row history: build it again with npm run lake -- row-history --anew.',
    });
    expect(readHistory(folder()).changes).toBe(before);
    await buildWith(keptDepartments());
    // It came late, and counts from when it was read.
    expect(await ordersAt(begin + 7_200_000)).toEqual(['#shop:1', '#shop:2']);
  });
});

describe('a row history whose state was lost', () => {
  it('goes on as if it had it', async () => {
    const story = {
      orderId: 'shop:1',
      channel: 'shop',
      placedAt: begin,
      item: 'A',
      quantity: 1,
      priceCents: 100,
      costCents: 50,
      customer: null,
    };
    const own = eventsOf({ ...story, paidAfterMs: 60_000 }).filter(({ topic }) => topic === 'orders');
    const append = (from: number, to?: number) =>
      log.append(
        { topic: 'orders', partition: 0 },
        own.slice(from, to).map(({ record }, at) => ({ ...record, sequence: { epoch: 1, n: from + at + 1 } })),
      );
    await append(0, 2);
    await build(begin + 30_000);
    rmSync(join(lake.folder, historyFolder, 'state.sqlite'));
    await append(2);
    await build(begin + 90_000);
    expect(await ordersAt(begin + 90_000, 'payment')).toEqual(['paid']);
  });
});

describe('a row history of files alone', () => {
  it('goes as far as they do: what the log has beyond is not said to be nothing', async () => {
    const said = jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
    const build = () =>
      runLake(['row-history', '--lake', lake.folder], { folder: lake.folder, brokers: undefined, databaseUrl: undefined });
    await placed('1', begin, 0);
    await exportLog(lake.folder, log, ['orders']);
    await build();
    expect(upTo()).toBe(begin + 50);
    await placed('2', begin + 60_000, 1);
    await exportLog(lake.folder, log, ['orders']);
    await build();
    said.mockRestore();
    expect(upTo()).toBe(begin + 60_050);
    // What was put together is not kept twice.
    const history = join(lake.folder, historyFolder);
    expect(historyFilesOnDisk(history)).toEqual(
      readHistory(history)
        .files()
        .map(({ path }) => path)
        .sort(),
    );
    expect([await ordersAt(begin + 60_049), await ordersAt(begin + 60_050)]).toEqual([['#shop:1'], ['#shop:1', '#shop:2']]);
  });
});
