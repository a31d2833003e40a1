/** npm run replay: history once more, into a file, a topic of its own or a sandbox; `npm run replay -- --help` says what it can do. */
import { comeLast, endAfterOutput } from '@instep/command-line';
import { runReplay } from '@instep/replay';
import { lakeFolder, runningPlatform } from './running-platform.ts';

// What npm start runs, unless the environment names others.
const running = runningPlatform();
const { KAFKA_BROKERS, DATABASE_URL } = process.env;

await runReplay(process.argv.slice(2), {
  lake: lakeFolder,
  brokers: KAFKA_BROKERS ?? running?.brokers,
  databaseUrl: DATABASE_URL ?? running?.databaseUrl,
  comeLast,
});
endAfterOutput();
