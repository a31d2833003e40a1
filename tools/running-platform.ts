import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { holderOf } from '@instep/local-process';
import { dataDir, type System } from '@instep/platform';

/** Of the parts that `npm start` runs itself; those given to it are the user's to name. Services by their names. */
export type PlatformAddresses = {
  readonly brokers?: string;
  readonly databaseUrl?: string;
  readonly services?: Readonly<Record<string, string>>;
};

type Note = PlatformAddresses & { readonly pid: number };

const noteFile = join(dataDir, 'addresses.json');

/** The lake that `npm start` keeps, unless the environment names another one. */
export const lakeFolder = process.env['LAKE_FOLDER'] || join(dataDir, 'lake');

/** What `npm start` holds while it runs. */
export const startClaim = join(dataDir, 'instep.pid');

/** Tells other commands where the broker, the database and the services of this process are. */
export function noteAddresses({ platform, services }: System): void {
  const { brokers, databaseUrl, parts } = platform;
  const own = (name: string): boolean => parts.some((part) => part.name === name);
  const note: Note = {
    pid: process.pid,
    ...(own('Kafka') && { brokers }),
    ...(own('PostgreSQL') && { databaseUrl }),
    services: Object.fromEntries(services.map(({ name, url }) => [name, url])),
  };
  writeFileSync(noteFile, JSON.stringify(note));
}

/** Undefined when `npm start` does not run; without addresses while it is still starting. */
export function runningPlatform(): PlatformAddresses | undefined {
  const holder = holderOf(startClaim);
  if (holder === undefined) return undefined;
  try {
    const { pid, ...addresses } = JSON.parse(readFileSync(noteFile, 'utf8')) as Note;
    return pid === holder.pid ? addresses : {};
  } catch {
    return {};
  }
}
