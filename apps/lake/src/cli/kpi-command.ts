import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';

import { figure, say, table } from '@instep/command-line';
import { Command } from 'commander';

import { LakeFault } from '../fault.ts';
import { measure, type Measured } from '../kpi/measure.ts';
import { reportPage } from '../kpi/report-page.ts';
import { defaultQueryLimits } from '../query/limits.ts';
import { kpiFolder } from '../saved/folders.ts';
import { readSqlFiles, type SqlFile } from '../saved/sql-file.ts';
import type { LakeSettings } from './lake-settings.ts';
import { assertLake } from './ask.ts';

const mostRows = 15;

interface KpiOptions {
  readonly lake: string;
  readonly plot: string | undefined;
  readonly report: string | undefined;
}

export function kpiCommand(settings: LakeSettings): Command {
  return new Command('kpi')
    .description('the figures that the business steers by: as tables, as a picture, as a page')
    .argument('[name...]', 'which ones; all when none is named')
    .option('--lake <folder>', 'folder of the lake', settings.folder)
    .option('--plot <file>', 'draws the one named into an .svg or .png')
    .option('--report <folder>', 'writes a page with all of them, and a picture of each')
    .addHelpText(
      'after',
      '\nExamples:\n  npm run lake -- kpi\n  npm run lake -- kpi gross-margin --plot margin.png\n  npm run lake -- kpi --report report',
    )
    .action(async (names: readonly string[], options: KpiOptions) => {
      await runKpis(chosen(names), options);
    });
}

function chosen(names: readonly string[]): readonly SqlFile[] {
  const all = readSqlFiles(kpiFolder);
  const unknown = names.find((name) => !all.some((query) => query.name === name));
  if (unknown !== undefined)
    throw new LakeFault('lake/bad-option', `There is no figure "${unknown}": there are ${all.map(({ name }) => name).join(', ')}.`);
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
}

async function runKpis(queries: readonly SqlFile[], { lake, plot, report }: KpiOptions): Promise<void> {
  assertLake(lake);
  if (plot !== undefined && (queries.length !== 1 || !['.svg', '.png'].includes(extname(plot))))
    throw new LakeFault(
      'lake/bad-option',
      'A plot is of one figure, into an .svg or .png: npm run lake -- kpi gross-margin --plot margin.png',
    );
  const measured = await measure(lake, queries, defaultQueryLimits, (each) => {
    if (report === undefined) show(each);
  });
  const [first] = measured;
  if (plot !== undefined && first) await draw(first, plot);
  if (report !== undefined) await writeReport(measured, report);
}

function show({ query, columns, texts, freshness }: Measured): void {
  say(`\n${query.title} (${query.unit}, by ${query.grain}; owner ${query.owner})`);
  const figures = columns.filter((column) => column.isFigure).map(({ name }) => name);
  say(
    table(
      columns.map(({ name }) => name),
      texts.slice(-mostRows),
      figures,
    ),
  );
  if (texts.length > mostRows) say(`the last ${mostRows} of ${figure(texts.length)} rows: npm run sql -- -q ${query.name} gives all`);
  if (query.notes['note']) say(query.notes['note']);
  say(`events recorded up to ${freshness.recordedUpTo ?? '–'}`);
}

async function draw(measured: Measured, file: string): Promise<void> {
  const { drawSvg, pngOf } = await import('../kpi/draw.ts');
  const svg = await drawSvg(measured.query, measured.rows);
  write(file, extname(file) === '.png' ? pngOf(svg) : svg);
  say(`\n${file} drawn`);
}

async function writeReport(all: readonly Measured[], folder: string): Promise<void> {
  const { drawSvg } = await import('../kpi/draw.ts');
  const pictures: { measured: Measured; svg: string }[] = [];
  for (const measured of all) {
    const svg = await drawSvg(measured.query, measured.rows);
    write(join(folder, `${measured.query.name}.svg`), svg);
    pictures.push({ measured, svg });
  }
  write(join(folder, 'index.html'), reportPage(pictures));
  say(`${figure(all.length)} figures in ${join(folder, 'index.html')}`);
}

/** A file has its name when all of it is there. */
function write(file: string, content: string | Buffer): void {
  const part = `${file}.part`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(part, content);
    renameSync(part, file);
  } catch (error) {
    if (existsSync(part)) rmSync(part);
    throw new LakeFault(
      'lake/bad-option',
      `${file} cannot be written (${(error as Error).message}): make room, or name another place.`,
      error,
    );
  }
}
