import { comeLast, endAfterOutput } from '@instep/command-line';

import { runLake } from './run-lake.ts';

await runLake(process.argv.slice(2), {
  folder: process.env['LAKE_FOLDER'] ?? 'lake',
  brokers: process.env['KAFKA_BROKERS'],
  databaseUrl: process.env['DATABASE_URL'],
  comeLast,
});
endAfterOutput();
