/** Part of npm run check: what the documentation names is there, decisions are listed, and nothing strange lies at the root. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

import { repository } from './running.ts';

/** All that belongs at the root. Plans, notes and patches do not. */
const rootEntries = new Set([
  ...['.ci', '.dependency-cruiser.cjs', '.editorconfig', '.git', '.gitignore', '.npmrc', '.prettierignore', '.prettierrc.json'],
  ...['apps', 'bench', 'docs', 'infra', 'packages', 'scenarios', 'simulation', 'tools'],
  ...['CONTRIBUTING.md', 'LICENSE', 'NOTICE', 'README.md', 'README.zh-CN.md'],
  ...['.dockerignore', 'docker-compose.yml', 'k8s'],
  ...[
    'eslint.config.mjs',
    'jest.config.mjs',
    'knip.json',
    'package-lock.json',
    'package.json',
    'swc.build.json',
    'tsconfig.json',
    'turbo.json',
  ],
]);

/** Not ours to describe: installed, built, generated, or as somebody else wrote it. */
const skippedFolders = new Set(['node_modules', 'dist', '.git', '.instep', '.turbo', 'coverage', 'fixtures', 'reference']);

const folders = ['apps', 'bench', 'docs', 'infra', 'k8s', 'packages', 'scenarios', 'tools'];
const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

const pages = pagesIn(repository);
const mistakes = [...strangers(), ...pages.flatMap(mistakesOf), ...unlistedDecisions()];
for (const mistake of mistakes) console.error(mistake);
process.exitCode = mistakes.length === 0 ? 0 : 1;

function pagesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skippedFolders.has(entry.name) ? [] : pagesIn(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

function strangers(): string[] {
  const ignored = new Set(
    readFileSync(join(repository, '.gitignore'), 'utf8')
      .split('\n')
      .map((line) => line.replace(/\/$/, '')),
  );
  return readdirSync(repository)
    .filter((name) => !rootEntries.has(name) && !ignored.has(name) && !name.endsWith('.log'))
    .map((name) => `${name} does not belong at the root: put it where it is used, or name it in tools/check-docs.ts`);
}

function mistakesOf(page: string): string[] {
  const text = readFileSync(page, 'utf8');
  const name = relative(repository, page);
  return [
    ...linksOf(text)
      .filter((target) => !existsSync(join(dirname(page), target)))
      .map((target) => `${name} links to ${target}, which does not exist`),
    ...pathsIn(text)
      .filter((path) => !existsSync(join(repository, path)) && !existsSync(join(dirname(page), path)))
      .map((path) => `${name} names ${path}, which does not exist`),
    ...commandsIn(text)
      .filter((command) => scripts[command] === undefined)
      .map((command) => `${name} names the command "npm run ${command}", which package.json lacks`),
  ];
}

/** Targets of links to files, without anchors and addresses. */
function linksOf(text: string): string[] {
  return [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target).filter((target) => !/^[a-z]+:/.test(target));
}

/** What stands between backticks and looks like a path of ours, from the root or from the page. Patterns and placeholders are left out. */
function pathsIn(text: string): string[] {
  return [...text.matchAll(/`([^`\s]+)`/g)]
    .map(([, path = '']) => path)
    .filter((path) => folders.some((folder) => path.startsWith(`${folder}/`)) && !/[<>*{}…$]/.test(path))
    .map((path) => normalize(path));
}

function commandsIn(text: string): string[] {
  const named = [...text.matchAll(/npm run ([a-z][a-z-]*)/g)].map(([, command = '']) => command);
  const short = [...text.matchAll(/npm (start|test)\b/g)].map(([, command = '']) => command);
  return [...new Set([...named, ...short])];
}

function unlistedDecisions(): string[] {
  const folder = join(repository, 'docs', 'adr');
  const index = readFileSync(join(folder, 'README.md'), 'utf8');
  return readdirSync(folder)
    .filter((file) => /^\d{4}-/.test(file) && !index.includes(`(${file})`))
    .map((file) => `docs/adr/README.md does not list ${file}`);
}
