/** npm run lake: the whole history as Parquet files; `npm run lake -- --help` says what it can do. */
import { constants } from 'node:os';
import { comeLast, endAfterOutput, giveWay } from '@instep/command-line';
import { createDatabase } from '@instep/embedded-postgres';
import { runLake } from '@instep/lake';
import { lakeFolder, runningPlatform } from './running-platform.ts';

// What npm start runs, unless the environment names others.
const running = runningPlatform();
const { KAFKA_BROKERS, DATABASE_URL } = process.env;
const brokers = KAFKA_BROKERS ?? running?.brokers;
const ownDatabase = !KAFKA_BROKERS && running?.databaseUrl ? await createDatabase(running.databaseUrl, 'lake') : undefined;

// Orders that come in meanwhile go before questions.
giveWay(constants.priority.PRIORITY_BELOW_NORMAL);

await runLake(process.argv.slice(2), { folder: lakeFolder, brokers, databaseUrl: DATABASE_URL ?? ownDatabase, comeLast });
endAfterOutput();
