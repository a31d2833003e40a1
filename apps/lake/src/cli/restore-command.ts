import { figure, progress, say } from '@instep/command-line';
import { Command } from 'commander';

import { LakeFault } from '../fault.ts';
import { openLakeLog, type LakeLog } from '../log/lake-log.ts';
import { assertRestorable, restoreTopic } from '../restore/restore-topic.ts';
import { openLog } from './export-command.ts';
import type { LakeSettings } from './lake-settings.ts';

interface RestoreOptions {
  readonly lake: string;
  readonly topics: readonly string[] | undefined;
  readonly all: boolean;
}

export function restoreCommand(settings: LakeSettings): Command {
  return new Command('restore')
    .description('writes topics of the lake back into empty topics of the log, every record at its offset, and compares what it wrote')
    .option('--lake <folder>', 'folder of the lake', settings.folder)
    .option('--topics <names>', 'these topics, with commas between', (text: string) => text.split(','))
    .option('--all', 'every topic that the lake has', false)
    .addHelpText(
      'after',
      '\nStop all services first. Make the topics with: npm run log -- topics --create. A topic that is not empty is refused.\n' +
        '\nExamples:\n  npm run lake -- restore --topics orders\n  npm run lake -- restore --all --lake ~/lake',
    )
    .action((options: RestoreOptions) => runRestore(options, settings));
}

async function runRestore({ lake, topics, all }: RestoreOptions, settings: LakeSettings): Promise<void> {
  if ((topics === undefined) !== all) throw new LakeFault('lake/bad-option', 'Say what to restore: either --topics <names> or --all.');
  const log = openLog(settings);
  let saved: LakeLog | undefined;
  const bar = progress('restoring');
  try {
    saved = await openLakeLog({ folder: lake });
    const parts = { saved, log, onRecords: (count: number) => bar.add(count) };
    const names = topics ?? [...new Set(saved.manifest.files().map(({ topic }) => topic))].toSorted();
    const counts = new Map<string, number>();
    for (const name of names) counts.set(name, await assertRestorable(parts, name));
    // Each record is written once and read once.
    bar.start(2 * [...counts.values()].reduce((sum, count) => sum + count, 0));
    const begun = performance.now();
    for (const [name, count] of counts) {
      await restoreTopic(parts, name);
      say(`${name}: ${figure(count)} records, each at its offset, read back and the same`);
    }
    const seconds = (performance.now() - begun) / 1000;
    say(
      `${figure(counts.size)} topics restored from ${lake} in ${seconds.toFixed(1)} s; next: npm run log -- verify, then start the services`,
    );
  } finally {
    bar.stop();
    await saved?.close();
    await log.close();
  }
}
