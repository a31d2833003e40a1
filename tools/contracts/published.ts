import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { events, olderEvents } from '@instep/contracts';
import type { EventDefinition } from '@instep/contracts';

import { repository } from '../running.ts';

const contracts = join(repository, 'packages', 'contracts');
const lockFile = join(contracts, 'published.lock.json');

/** Every version of every event, the newest versions last. */
export const allVersions: readonly EventDefinition[] = [...olderEvents, ...(events as unknown as readonly EventDefinition[])];

export const versionName = ({ name, version }: EventDefinition): string => `${name}/${version}`;

/** Hash over all that a published version promises: its place in the log and its schema. */
export function hashOf({ name, version, owner, topic, stream, data }: EventDefinition): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted({ name, version, owner, topic, stream, data })))
    .digest('hex');
}

export function readLock(): Readonly<Record<string, string>> {
  return existsSync(lockFile) ? (JSON.parse(readFileSync(lockFile, 'utf8')) as Record<string, string>) : {};
}

export function writeLock(lock: Readonly<Record<string, string>>): void {
  writeFileSync(lockFile, `${JSON.stringify(sorted(lock), null, 2)}\n`);
}

/** Where the sample of a version lies: a whole event as it was once written, readable for ever. */
export function goldenFile({ name, version }: EventDefinition): string {
  return join(contracts, 'golden', name, `v${version}.json`);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
