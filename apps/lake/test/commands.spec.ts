import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { defaultQueryLimits } from '../src/query/limits.ts';
import { lakeOfCompletedOrders } from '../src/testing/completed-orders.ts';
import type { SampleLake } from '../src/testing/lake-in-memory.ts';

// Each command starts a process; a busy machine takes its time.
jest.setTimeout(120_000);

const program = fileURLToPath(new URL('../src/main.ts', import.meta.url));
let lake: SampleLake;
let scratch: string;

beforeAll(async () => {
  lake = await lakeOfCompletedOrders();
  scratch = mkdtempSync(join(tmpdir(), 'lake-commands-'));
  writeFileSync(join(scratch, 'file'), 'mine');
});

afterAll(async () => {
  rmSync(scratch, { recursive: true });
  await lake.remove();
});

/** `npm run lake -- …` */
function run(...args: readonly string[]): { readonly code: number | null; readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=instep-source', '--disable-warning=ExperimentalWarning', program, ...args],
    { env: { PATH: process.env['PATH'], LAKE_FOLDER: lake.folder }, encoding: 'utf8' },
  );
  return { code: status, stdout, stderr };
}

it('the shell answers what was typed before it was left, also while a query ran', () => {
  const shell = new URL('../src/cli/sql-shell.ts', import.meta.url).href;
  const asked = JSON.stringify({ lake: lake.folder, limits: defaultQueryLimits, format: 'csv' });
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      ...['--conditions=instep-source', '--disable-warning=ExperimentalWarning', '--input-type=module'],
      ...['-e', `const { interactiveShell } = await import('${shell}'); await interactiveShell(${asked});`],
    ],
    { input: 'SELECT count(*) AS n\nFROM order_completed;\n\\format json\nSELECT 2 AS two;\n', encoding: 'utf8' },
  );
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/n\r\n50\r\n1 row; [^]*"two":2/);
});

describe('a command of the lake', () => {
  it('leaves nothing of a question behind', async () => {
    const left = mkdtempSync(join(scratch, 'tmp-'));
    const { stdout } = spawnSync(
      process.execPath,
      [
        '--conditions=instep-source',
        '--disable-warning=ExperimentalWarning',
        program,
        'sql',
        '-c',
        'SELECT 41 + 1 AS n',
        '--format',
        'csv',
      ],
      { env: { PATH: process.env['PATH'], LAKE_FOLDER: lake.folder, TMPDIR: left }, encoding: 'utf8' },
    );
    expect(stdout).toContain('42');
    // The process that answered may end after the one that asked.
    for (const deadline = Date.now() + 30_000; readdirSync(left).length > 0 && Date.now() < deadline;) await pause(50);
    expect(readdirSync(left)).toEqual([]);
  });

  it('writes how long something took as people do', () => {
    const took = "SELECT INTERVAL '26 hours' AS took, INTERVAL '3 days' AS days";
    expect(run('sql', '-c', took, '--format', 'csv').stdout).toContain('26:00:00,3 days');
    expect(run('sql', '-c', took, '--format', 'json').stdout).toContain('"took":"26:00:00"');
  });

  it('draws into a folder that is made for it', () => {
    const plot = join(scratch, 'new', 'margin.svg');
    expect(run('kpi', 'without-a-person', '--plot', plot)).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(plot, 'utf8')).toMatch(/^<svg/);
  });

  it.each([
    ['a plot', (file: string) => ['kpi', 'gross-margin', '--plot', join(file, 'margin.svg')]],
    ['a page', (file: string) => ['kpi', '--report', file]],
  ])('says where %s cannot be written, and leaves what is there', (_, args) => {
    const file = join(scratch, 'file');
    const { code, stderr } = run(...args(file));
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^\S+ cannot be written \(.+\): make room, or name another place\.\n$/)]);
    expect([readFileSync(file, 'utf8'), existsSync(`${file}.part`)]).toEqual(['mine', false]);
  });

  it('that finds the disk full says so, and is done when it is run again', () => {
    if (process.platform === 'win32') return;
    const node = [process.execPath, '--conditions=instep-source', '--disable-warning=ExperimentalWarning', program];
    const compact = (limit: string) =>
      // No file may become longer than so many blocks of 512 bytes: views.sql is.
      spawnSync('sh', ['-c', `trap '' XFSZ; ulimit -f ${limit}; exec "$0" "$@"`, ...node, 'compact'], {
        env: { PATH: process.env['PATH'], LAKE_FOLDER: lake.folder },
        encoding: 'utf8',
      });
    const { status, stderr } = compact('100');
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^The disk of .* is full\. Nothing is lost: make room and run the command again/),
    ]);
    expect(compact('unlimited')).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(lake.folder, 'views.sql'), 'utf8')).toContain('VIEW orders');
  });

  it.each([
    ['as-of', 'inventory', 'stock_level', '--recorded', '2026-13-01'],
    ['sql', '--as-of', '2026-13-01', '-c', 'SELECT 1'],
  ])('says of what is no moment that it is none, whatever the option is called: %s', (...args) => {
    const { code, stderr } = run(...args);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^"2026-13-01" is no moment \(as of\): write it as /)]);
  });

  it.each(['abc', '70000', '-1', ''])('does not serve on a port that is none: "%s"', (port) => {
    const { code, stderr } = run('serve', '--port', port);
    expect([code, stderr]).toEqual([1, expect.stringContaining('A port is a number from 0 to 65535.')]);
  });
});
