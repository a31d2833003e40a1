/** npm run rebuild: builds the database of a service from the log beside the live one and compares; see `help` below. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { serviceNames, type ServiceName } from '@instep/contracts';
import { databaseUrl } from '@instep/embedded-postgres';
import { claimPidFile, PlatformFault } from '@instep/local-process';
import { dataDir, startPlatform } from '@instep/platform';
import { failInOneSentence, onEnding } from './ending.ts';
import { repository } from './running.ts';
import { runningPlatform, startClaim } from './running-platform.ts';

const help = `npm run rebuild -- <service>|all [--switch | --switch-always]

Builds the database of a service from the log alone, in a schema of its own beside the live one, and compares every table row by row.
Ends with code 0 when they are equal. Uses what npm start runs; when nothing runs, starts broker and database for as long as it takes.
KAFKA_BROKERS and DATABASE_URL name others.

  <service>        ${serviceNames.join(', ')}; all: one after the other
  --switch         puts the rebuilt tables in the place of the live ones when they are equal; the service must be stopped
  --switch-always  the same whatever they are: when live tables are damaged. A database that was restored to an earlier time needs none of
                   this: its service catches up by itself
  --help           this

Examples:
  npm run rebuild -- finance
  npm run rebuild -- all
  npm run rebuild -- crm --switch`;

type Options = { readonly services: readonly ServiceName[]; readonly switchOver: SwitchOver | undefined };
/** An option of the service's own command. */
type SwitchOver = '--switch' | '--switch-always';
type Ground = { readonly brokers: string; readonly databaseUrl: string; release(): Promise<void> };

const ending = new AbortController();

await rebuild().catch(failInOneSentence);

async function rebuild(): Promise<void> {
  const options = optionsFrom(process.argv.slice(2));
  if (options === undefined) {
    console.log(help);
    return;
  }
  onEnding(() => ending.abort());
  const ground = await standOn(options.switchOver);
  try {
    for (const service of options.services) {
      if (ending.signal.aborted) break;
      if (!(await isEqual(service, ground, options.switchOver))) process.exitCode = 1;
    }
  } finally {
    await ground.release();
  }
}

/** The broker and the database to work on: given, running, or brought up for this. */
async function standOn(switchOver: SwitchOver | undefined): Promise<Ground> {
  const { KAFKA_BROKERS, DATABASE_URL } = process.env;
  if (KAFKA_BROKERS && DATABASE_URL) return { brokers: KAFKA_BROKERS, databaseUrl: DATABASE_URL, release: () => Promise.resolve() };
  const running = runningPlatform();
  if (running === undefined) return bringUp();
  if (switchOver)
    throw new PlatformFault(
      'platform/already-running',
      'npm start is running, and a switch needs its services stopped: end it (Ctrl-C) first.',
    );
  const brokers = KAFKA_BROKERS ?? running.brokers;
  const database = DATABASE_URL ?? running.databaseUrl;
  if (!brokers || !database)
    throw new PlatformFault(
      'platform/bad-option',
      'npm start is not up yet, or was given its broker or database: wait for it, or name the same with KAFKA_BROKERS and DATABASE_URL.',
    );
  return { brokers, databaseUrl: database, release: () => Promise.resolve() };
}

async function bringUp(): Promise<Ground> {
  if (!existsSync(dataDir))
    throw new PlatformFault(
      'platform/database-failed',
      `Nothing runs and there is no data in ${relative(repository, dataDir)}: begin with npm start, or name a system with KAFKA_BROKERS and DATABASE_URL.`,
    );
  const claim = await claimPidFile(startClaim, 'Instep');
  try {
    console.log('• nothing runs: starting broker and database for this …');
    const platform = await startPlatform({ dataDir, profile: 'run' });
    const release = async (): Promise<void> => {
      await platform.stop();
      claim.release();
    };
    return { brokers: platform.brokers, databaseUrl: platform.databaseUrl, release };
  } catch (error) {
    claim.release();
    throw error;
  }
}

async function isEqual(service: ServiceName, ground: Ground, switchOver: SwitchOver | undefined): Promise<boolean> {
  const program = join(repository, 'apps', service, 'dist', 'main.js');
  const args = [
    '--enable-source-maps',
    '--disable-warning=TimeoutNegativeWarning',
    program,
    'rebuild',
    ...(switchOver ? [switchOver] : []),
  ];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      KAFKA_BROKERS: ground.brokers,
      DATABASE_URL: databaseUrl(ground.databaseUrl, service.replaceAll('-', '_')),
      NODE_OPTIONS: '',
      LOG_LEVEL: 'warn',
    },
  });
  const stop = (): void => void child.kill('SIGTERM');
  ending.signal.addEventListener('abort', stop);
  const exited = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
  let reason: string | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const said = faultIn(line);
    if (said === undefined) console.log(line);
    else if (said !== '') reason = said;
  }
  const code = await exited;
  ending.signal.removeEventListener('abort', stop);
  if (reason !== undefined && code !== 0 && !ending.signal.aborted) console.log(`${service}: could not be rebuilt: ${reason}\n`);
  return code === 0;
}

/** Of a line of the service's own log what went wrong, in words; undefined for any other line. */
function faultIn(line: string): string | undefined {
  if (!line.startsWith('{"')) return undefined;
  try {
    const { level, msg, err } = JSON.parse(line) as { level?: unknown; msg?: string; err?: { message?: string } };
    if (level === undefined) return undefined;
    const missing = /database "(\w+)" does not exist/.exec(err?.message ?? '');
    if (missing) return `there is no database ${missing[1] ?? ''}; npm start makes it.`;
    return level === 'fatal' ? [msg, err?.message].filter((part) => part !== undefined).join(': ') : '';
  } catch {
    return undefined;
  }
}

function optionsFrom(args: string[]): Options | undefined {
  const { values, positionals } = parsed(args);
  if (values.help) return undefined;
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0)
    throw new PlatformFault('platform/bad-option', `Name one service (${serviceNames.join(', ')}) or all: npm run rebuild -- finance`);
  const services = name === 'all' ? serviceNames : serviceNames.filter((known) => known === name);
  if (services.length === 0)
    throw new PlatformFault('platform/bad-option', `There is no service "${name}": there are ${serviceNames.join(', ')}, and all.`);
  return { services, switchOver: values['switch-always'] ? '--switch-always' : values.switch ? '--switch' : undefined };
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        switch: { type: 'boolean', default: false },
        'switch-always': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (cause) {
    throw new PlatformFault('platform/bad-option', `${(cause as Error).message} npm run rebuild -- --help says what there is.`, cause);
  }
}
