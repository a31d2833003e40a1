/** npm run sql: asks the lake in SQL; `npm run sql -- --help` says how. */
import { endAfterOutput } from '@instep/command-line';
import { runLake } from '@instep/lake';
import { lakeFolder, runningPlatform } from './running-platform.ts';

await runLake(['sql', ...process.argv.slice(2)], {
  folder: lakeFolder,
  brokers: process.env['KAFKA_BROKERS'] ?? runningPlatform()?.brokers,
  databaseUrl: undefined,
});
endAfterOutput();
