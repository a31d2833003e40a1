import { resolve } from 'node:path';

import { figure, progress, say, table } from '@instep/command-line';
import { Command } from 'commander';

import { readManifest } from '../manifest/manifest-file.ts';
import { announceReader } from '../manifest/readers.ts';
import { verifyLake, type Verification } from '../verify/verify-lake.ts';
import { openLog } from './export-command.ts';
import type { LakeSettings } from './lake-settings.ts';

interface VerifyOptions {
  readonly lake: string;
  readonly log: boolean;
  readonly table: boolean;
}

export function verifyCommand(settings: LakeSettings): Command {
  return new Command('verify')
    .description('reads every file and compares it with the manifest, the log, and the copy of the manifest in PostgreSQL')
    .option('--lake <folder>', 'folder of the lake', settings.folder)
    .option('--no-log', 'does not ask the log')
    .option('--no-table', 'does not compare lake.lake_manifest in the database; neither is that of another lake than the usual one')
    .addHelpText(
      'after',
      '\nEnds with code 1 when anything is wrong.\n\nExamples:\n  npm run lake -- verify\n  npm run lake -- verify --no-log --lake ~/lake',
    )
    .action(async ({ lake, log: asked, table: compared }: VerifyOptions) => {
      // It is the copy of one lake.
      const databaseUrl = compared && resolve(lake) === resolve(settings.folder) ? settings.databaseUrl : undefined;
      const log = asked && settings.brokers ? openLog(settings) : undefined;
      const reader = announceReader(lake);
      const bar = progress('checking');
      try {
        let begun = false;
        const result = await verifyLake({
          ...{ folder: lake, manifest: readManifest(lake), ...(log && { log }), ...(databaseUrl !== undefined && { databaseUrl }) },
          onProgress: (_, of) => {
            if (!begun) bar.start(of);
            begun = true;
            bar.add(1);
          },
        });
        bar.stop();
        report(result, lake, log !== undefined, databaseUrl !== undefined);
      } finally {
        reader.release();
        await log?.close();
      }
    });
}

function report({ files, counts, findings }: Verification, folder: string, withLog: boolean, withTable: boolean): void {
  const optional = (value: number | undefined): string => (value === undefined ? '–' : figure(value));
  say(
    table(
      ['topic', 'p', 'in the lake', 'once', 'last number', 'in the log', 'to come'],
      counts.map(({ topic, partition, rows, distinct, lastSequence, inLog, behind }) => [
        ...[topic, String(partition), figure(rows), figure(distinct), optional(lastSequence), optional(inLog), optional(behind)],
      ]),
      ['p', 'in the lake', 'once', 'last number', 'in the log', 'to come'],
    ),
  );
  for (const { kind, sentence } of findings) say(`${kind === 'wrong' ? '✗' : '!'} ${sentence}`);
  const wrong = findings.filter(({ kind }) => kind === 'wrong').length;
  if (wrong > 0) process.exitCode = 1;
  const copy = withTable ? (withLog ? ', its copy in the database' : ' and its copy in the database') : '';
  const against = `the manifest${copy}${withLog ? ' and the log' : ' (no log was asked)'}`;
  say(
    wrong > 0
      ? `${wrong === 1 ? 'one thing is' : `${figure(wrong)} things are`} wrong in ${folder}`
      : `${figure(files)} files in ${folder} agree with ${against}`,
  );
}
