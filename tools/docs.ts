/** npm run docs: writes docs/reference from the contracts. With --check it only says what is out of date, with exit code 1. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { asyncApi } from './contracts/async-api.ts';
import { eventCatalogue } from './contracts/event-catalogue.ts';
import { topicList, topicTable } from './contracts/topic-list.ts';
import { repository } from './running.ts';

const folder = join(repository, 'docs', 'reference');
const pages: Readonly<Record<string, string>> = {
  'events.md': eventCatalogue(),
  'topics.md': topicTable(),
  'topics.json': topicList(),
  'asyncapi.json': asyncApi(),
};
const onlyCheck = process.argv.includes('--check');
const stale = Object.entries(pages).filter(
  ([name, text]) => !existsSync(join(folder, name)) || readFileSync(join(folder, name), 'utf8') !== text,
);
mkdirSync(folder, { recursive: true });
for (const [name, text] of stale) {
  if (onlyCheck) console.error(`docs/reference/${name} is out of date. Run: npm run docs`);
  else writeFileSync(join(folder, name), text);
}
if (!onlyCheck)
  console.log(
    stale.length === 0 ? 'docs/reference is up to date.' : `Wrote ${stale.map(([name]) => `docs/reference/${name}`).join(', ')}.`,
  );
process.exitCode = onlyCheck && stale.length > 0 ? 1 : 0;
