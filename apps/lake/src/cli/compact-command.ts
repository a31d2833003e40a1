import { figure, say } from '@instep/command-line';
import { Command } from 'commander';

import { compact, defaultBlocksPerFile } from '../compact/compact.ts';
import { asLakeFault } from '../fault.ts';
import { openForWriting } from '../open-for-writing.ts';
import { positive, writeLists } from './export-command.ts';
import type { LakeSettings } from './lake-settings.ts';

export function compactCommand(settings: LakeSettings, signal: AbortSignal): Command {
  return new Command('compact')
    .description('puts full runs of blocks together to files sorted by tenant, key and offset; who reads meanwhile keeps the files it has')
    .option('--lake <folder>', 'folder of the lake', settings.folder)
    .option('--blocks <count>', 'blocks in one sorted file', positive, defaultBlocksPerFile)
    .addHelpText('after', '\nExamples:\n  npm run lake -- compact\n  npm run lake -- compact --blocks 10')
    .action(async (options: { lake: string; blocks: number }) => {
      const writing = await openForWriting(options.lake, settings.databaseUrl);
      try {
        const made = await compact({
          ...{ folder: options.lake, writer: writing.writer, database: writing.database, blocksPerFile: options.blocks, signal },
          onFile: async (file, replaced) => {
            say(`${file.path}: ${figure(file.rows)} rows of ${figure(replaced.length)} files`);
            await writing.table?.add(file, replaced);
          },
        });
        writing.tidy();
        writeLists(writing);
        say(
          made === 0
            ? `nothing to put together: no partition has ${figure(options.blocks)} blocks in a row`
            : `${figure(made)} sorted files made`,
        );
      } catch (error) {
        throw asLakeFault(error, options.lake);
      } finally {
        await writing.close();
      }
    });
}
