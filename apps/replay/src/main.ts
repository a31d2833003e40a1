import { resolve } from 'node:path';

import { comeLast, endAfterOutput } from '@instep/command-line';

import { runReplay } from './run-replay.ts';

await runReplay(process.argv.slice(2), {
  lake: resolve(given('LAKE_FOLDER') ?? 'lake'),
  brokers: given('KAFKA_BROKERS'),
  databaseUrl: given('DATABASE_URL'),
  comeLast,
});
endAfterOutput();

/** Set to nothing is not set. */
function given(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}
