/** Part of npm run check: published events never change, every version has a sample that is still readable, names and owners hold. */
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

import { decodeEvent, topics } from '@instep/contracts';
import type { EventDefinition } from '@instep/contracts';

import { allVersions, goldenFile, hashOf, readLock, versionName } from './contracts/published.ts';
import { repository } from './running.ts';

const lock = readLock();
const known = new Set(allVersions.map(versionName));
const mistakes = [
  ...allVersions.flatMap((definition) => [...lockMistakes(definition), ...goldenMistakes(definition), ...nameMistakes(definition)]),
  ...Object.keys(lock)
    .filter((version) => !known.has(version))
    .map(
      (version) =>
        `${version} is published but no longer defined: history would become unreadable. Put it back (olderEvents of the registry).`,
    ),
];
for (const mistake of mistakes) console.error(mistake);
process.exitCode = mistakes.length === 0 ? 0 : 1;

function lockMistakes(definition: EventDefinition): string[] {
  const version = versionName(definition);
  const published = lock[version];
  if (published === undefined) return [`${version} is not in published.lock.json. When it is ready: npm run publish-contracts`];
  if (published === hashOf(definition)) return [];
  return [
    `${version} is published and was changed. Put it back and write the new shape as version ${definition.version + 1} with an upcast.`,
  ];
}

function goldenMistakes(definition: EventDefinition): string[] {
  const file = goldenFile(definition);
  if (!existsSync(file)) return [`${versionName(definition)} has no sample at ${relative(repository, file)}`];
  try {
    const event = decodeEvent(readFileSync(file));
    return event.type === definition.name ? [] : [`${relative(repository, file)} is a sample of ${event.type}`];
  } catch (error) {
    return [`${relative(repository, file)} is not readable any more: ${(error as Error).message}`];
  }
}

function nameMistakes({ name, topic, owner, meaning }: EventDefinition): string[] {
  return [
    ...(/^[a-z][a-z-]*\.[a-z][a-z-]*$/.test(name) ? [] : [`"${name}" is not spelt <noun>.<past-tense>`]),
    ...(topics[topic].owner === owner ? [] : [`"${name}" belongs to ${owner} but its topic ${topic} to ${topics[topic].owner}`]),
    ...(meaning.length >= 20 ? [] : [`"${name}" does not say what it means`]),
  ];
}
