/** npm run sql: asks the lake in SQL; `npm run sql -- --help` says how. */
import { join } from 'node:path';
import { endAfterOutput } from '@instep/command-line';
import { runLake } from '@instep/lake';
import { dataDir } from '@instep/platform';

await runLake(['sql', ...process.argv.slice(2)], {
  folder: process.env['LAKE_FOLDER'] ?? join(dataDir, 'lake'),
  brokers: undefined,
  databaseUrl: undefined,
});
endAfterOutput();
