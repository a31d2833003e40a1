/**
 * npm start: broker, database and six services on this machine, then the sample shop, and the history as files.
 *   --port-base <n>   first port of the block that is used (7000)
 *   --no-demo         no sample shop
 *   --no-lake         the history is not kept as files
 */
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { claimPidFile, PlatformFault } from '@instep/local-process';
import { dataDir, defaultPortBase, portsFrom, startSystem, type Part, type System } from '@instep/platform';
import { startSampleShop, type SampleShop } from './demo/start-sample-shop.ts';
import { failInOneSentence, onEnding } from './ending.ts';
import { keepLake, type LakeKeeper } from './keep-lake.ts';
import { repository, secondsSince } from './running.ts';
import { lakeFolder, noteAddresses, startClaim } from './running-platform.ts';
import { superviseServices } from './supervise.ts';

const begun = performance.now();
const ending = new AbortController();

await start().catch(failInOneSentence);

async function start(): Promise<void> {
  const { portBase, ...parts } = options(process.argv.slice(2));
  const ports = portsFrom(portBase, process.env);
  const claim = await claimPidFile(startClaim, 'Instep');
  try {
    const asked = new Promise<string>((resolve) => onEnding(resolve));
    const starting = startSystem({
      dataDir,
      ports,
      profile: 'run',
      signal: ending.signal,
      portPatienceMs: claim.tookOver ? 20_000 : 0,
      onStep: (line) => console.log(`• ${line} …`),
    });
    const system = await Promise.race([starting, asked]);
    if (typeof system === 'string') {
      ending.abort();
      await starting.then(
        (late) => late.stop(),
        () => undefined, // ended already, as asked
      );
      return;
    }
    await serve(system, parts, asked);
  } finally {
    claim.release();
  }
}

/** What is started besides. */
type Parts = { readonly demo: boolean; readonly lake: boolean };

async function serve(system: System, parts: Parts, asked: Promise<string>): Promise<void> {
  let shop: SampleShop | undefined;
  let lake: LakeKeeper | undefined;
  try {
    noteAddresses(system);
    announce(system, parts);
    if (parts.demo) shop = await startSampleShop(system);
    const say = shop?.say ?? ((line: string) => console.log(line));
    superviseServices(system, say, ending.signal);
    if (parts.lake) lake = await keepLake(system, say, ending.signal);
    await Promise.race([asked, ...system.platform.parts.map(lost)]);
    await shop?.stop();
    console.log('\nstopping: services first, then database and broker …');
  } finally {
    ending.abort();
    const stopStart = performance.now();
    await lake?.stop();
    await system.stop();
    console.log(`stopped in ${secondsSince(stopStart)}; the data is in ${relative(repository, dataDir)} (npm run reset forgets it)`);
  }
}

/** Without its broker or database nothing here can go on. */
async function lost({ name, exited }: Part): Promise<never> {
  const { code, signal } = await exited;
  if (ending.signal.aborted) return new Promise(() => undefined);
  throw new PlatformFault(
    'platform/service-failed',
    `${name} ended unasked (${signal ?? `code ${code}`}): see ${relative(repository, dataDir)}/logs.`,
  );
}

function announce({ platform, services }: System, { lake }: Parts): void {
  const database = new URL(platform.databaseUrl);
  console.log(`\nInstep is up after ${secondsSince(begun)}. Ctrl-C stops it.\n`);
  for (const { name, url } of services) console.log(`  ${name.padEnd(14)}${url}`);
  console.log(`  ${'Kafka'.padEnd(14)}${platform.brokers}\n  ${'PostgreSQL'.padEnd(14)}${database.host}`);
  if (lake) console.log(`  ${'lake'.padEnd(14)}${relative(repository, lakeFolder)} (npm run sql)`);
  console.log(`  ${'logs'.padEnd(14)}${relative(repository, dataDir)}/logs\n`);
}

function options(args: string[]): Parts & { readonly portBase: number } {
  try {
    const { values } = parseArgs({
      args,
      allowNegative: true,
      options: { 'port-base': { type: 'string' }, demo: { type: 'boolean', default: true }, lake: { type: 'boolean', default: true } },
    });
    return { portBase: portBase(values['port-base']), demo: values.demo, lake: values.lake };
  } catch (cause) {
    if (cause instanceof PlatformFault) throw cause;
    throw new PlatformFault(
      'platform/bad-option',
      `${(cause as Error).message} npm start knows --port-base <n>, --no-demo and --no-lake.`,
      cause,
    );
  }
}

function portBase(text: string | undefined): number {
  if (text === undefined) return defaultPortBase;
  const base = Number(text);
  if (Number.isInteger(base) && base >= 1024 && base <= 65_000) return base;
  throw new PlatformFault('platform/bad-option', `--port-base ${text} is not a number from 1024 to 65000.`);
}
