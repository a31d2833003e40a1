/** Part of npm run check: every service has the same rooms, every workspace a page, and no file a name that says nothing. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { serviceNames } from '@instep/contracts';
import { repository } from './running.ts';

/** Of every service. */
const rooms = ['compose.ts', 'config.ts', 'index.ts', 'main.ts', 'domain', 'application', 'adapters/http', 'adapters/log/subscriptions.ts'];
const longestMain = 30;
/** Names for whatever has no name yet. Folders are called after the business, files after the fact or the intent. */
const emptyNames =
  /^(common|core|helper|helpers|lib|manager|misc|service|shared|util|utils)$|\.(helper|helpers|manager|service|utils)\.ts$/;
const skippedFolders = new Set(['node_modules', 'dist', 'coverage', 'fixtures', '.turbo']);

const mistakes = [
  // Programs that are no service, such as the lake, are built as suits them.
  ...workspacesIn('apps')
    .filter((path) => serviceNames.some((name) => path === join('apps', name)))
    .flatMap(missingRooms),
  ...missingPages(),
  ...sourceFolders().flatMap((folder) => emptyNamesIn(folder)),
];
for (const mistake of mistakes) console.error(mistake);
process.exitCode = mistakes.length === 0 ? 0 : 1;

function workspacesIn(folder: string): string[] {
  return readdirSync(join(repository, folder))
    .map((name) => join(folder, name))
    .filter((path) => existsSync(join(repository, path, 'package.json')));
}

function missingRooms(app: string): string[] {
  const name = app.slice(app.lastIndexOf('/') + 1);
  const source = join(repository, app, 'src');
  const missing = [...rooms, `${name}.module.ts`].filter((room) => !existsSync(join(source, room)));
  const main = existsSync(join(source, 'main.ts')) ? readFileSync(join(source, 'main.ts'), 'utf8') : '';
  return [
    ...missing.map((room) => `${app} has no src/${room}`),
    ...(main.split('\n').length > longestMain
      ? [`${app}/src/main.ts has more than ${longestMain} lines: it only starts what compose.ts made`]
      : []),
  ];
}

function missingPages(): string[] {
  return [...workspacesIn('apps'), ...workspacesIn('packages')]
    .filter((path) => !existsSync(join(repository, path, 'README.md')))
    .map((path) => `${path} has no README.md: what it is, what comes in and goes out, what it promises`);
}

function sourceFolders(): string[] {
  return ['apps', 'packages', 'infra'].flatMap(workspacesIn).map((path) => join(repository, path, 'src'));
}

function emptyNamesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (skippedFolders.has(entry.name)) return [];
    const path = join(folder, entry.name);
    const own = emptyNames.test(entry.name) ? [`${relative(repository, path)}: the name does not say what it is about`] : [];
    return entry.isDirectory() ? [...own, ...emptyNamesIn(path)] : own;
  });
}
