import { say, table } from '@instep/command-line';
import { Command } from 'commander';

import { describeLake } from '../iceberg/describe-lake.ts';
import { readManifest } from '../manifest/manifest-file.ts';
import { lakeViews, viewsScript } from '../views/lake-views.ts';
import type { LakeSettings } from './lake-settings.ts';

export function viewsCommand(settings: LakeSettings): Command {
  return new Command('views')
    .description('lists what can be asked: one view for each event, and the views of the business over them')
    .option('--lake <folder>', 'folder of the lake', settings.folder)
    .option('--sql', 'prints them as a script for any DuckDB started in the folder (the export writes the same to views.sql)', false)
    .option('--json', 'prints what other engines need to make the same views, see docs/guides/iceberg.md', false)
    .addHelpText('after', '\nExamples:\n  npm run lake -- views\n  npm run lake -- views --sql > views.sql')
    .action(({ lake, sql, json }: { lake: string; sql: boolean; json: boolean }) => {
      if (json) return void process.stdout.write(`${JSON.stringify(describeLake(), undefined, 1)}\n`);
      const manifest = readManifest(lake);
      if (sql) process.stdout.write(viewsScript(manifest));
      else
        say(
          table(
            ['view', 'shows'],
            lakeViews(manifest, (path) => path).map(({ name, meaning }) => [name, wrap(meaning)]),
          ),
        );
    });
}

function wrap(text: string): string {
  return text.replaceAll(/(.{1,90})(\s|$)/g, '$1\n').trim();
}
