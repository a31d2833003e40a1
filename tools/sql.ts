/** npm run sql: asks the lake in SQL; `npm run sql -- --help` says how. */
import { constants } from 'node:os';
import { endAfterOutput, giveWay } from '@instep/command-line';
import { runLake } from '@instep/lake';
import { lakeFolder, runningPlatform } from './running-platform.ts';

// Orders that come in meanwhile go before questions.
giveWay(constants.priority.PRIORITY_BELOW_NORMAL);

await runLake(['sql', ...process.argv.slice(2)], {
  folder: lakeFolder,
  brokers: process.env['KAFKA_BROKERS'] ?? runningPlatform()?.brokers,
  databaseUrl: undefined,
});
endAfterOutput();
