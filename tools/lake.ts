/** npm run lake: the whole history as Parquet files; `npm run lake -- --help` says what it can do. */
import { join } from 'node:path';
import { endAfterOutput } from '@instep/command-line';
import { createDatabase } from '@instep/embedded-postgres';
import { runLake } from '@instep/lake';
import { dataDir } from '@instep/platform';
import { runningPlatform } from './running-platform.ts';

// What npm start runs, unless the environment names others.
const running = runningPlatform();
const { KAFKA_BROKERS, DATABASE_URL, LAKE_FOLDER } = process.env;
const brokers = KAFKA_BROKERS ?? running?.brokers;
const ownDatabase = !KAFKA_BROKERS && running?.databaseUrl ? await createDatabase(running.databaseUrl, 'lake') : undefined;

await runLake(process.argv.slice(2), { folder: LAKE_FOLDER ?? join(dataDir, 'lake'), brokers, databaseUrl: DATABASE_URL ?? ownDatabase });
endAfterOutput();
