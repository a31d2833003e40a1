/** npm run publish-contracts: enters new event versions into published.lock.json. What is in it stays as it is. */
import { allVersions, hashOf, readLock, versionName, writeLock } from './contracts/published.ts';

const lock = { ...readLock() };
const added = allVersions.filter((definition) => lock[versionName(definition)] === undefined);
for (const definition of added) lock[versionName(definition)] = hashOf(definition);
writeLock(lock);
console.log(added.length === 0 ? 'Nothing new to publish.' : `Published ${added.map(versionName).join(', ')}.`);
