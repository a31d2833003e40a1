/**
 * npm run manifests: writes k8s/generated, and the rights of docker-compose.yml, from the contracts and the departments. With --check it only
 * says what is out of date, with exit code 1.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { accessFile } from '@instep/containers';
import { generatedFiles } from '@instep/kubernetes';

import { repository } from './running.ts';

/** Holds what is generated and nothing else. */
const folder = 'k8s/generated';
const onlyCheck = process.argv.includes('--check');
const manifests = [...generatedFiles(join(repository, 'infra', 'observability'))].map(
  ([name, text]) => [`${folder}/${name}`, text] as const,
);
const wanted = new Map<string, string>([...manifests, ['infra/docker/access.json', accessFile()]]);
const stale = [...wanted].filter(([name, text]) => textOf(name) !== text);
const superfluous = filesIn(folder).filter((name) => !wanted.has(name));

if (onlyCheck) {
  for (const [name] of stale) console.error(`${name} is out of date. Run: npm run manifests`);
  for (const name of superfluous) console.error(`${name} belongs to nothing any more. Run: npm run manifests`);
  process.exitCode = stale.length + superfluous.length > 0 ? 1 : 0;
} else {
  for (const name of superfluous) rmSync(join(repository, name));
  for (const [name, text] of stale) {
    mkdirSync(dirname(join(repository, name)), { recursive: true });
    writeFileSync(join(repository, name), text);
  }
  const changed = [...stale.map(([name]) => name), ...superfluous];
  console.log(changed.length === 0 ? 'All manifests are up to date.' : `Wrote ${changed.join(', ')}.`);
}

function textOf(name: string): string | undefined {
  const file = join(repository, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function filesIn(name: string): readonly string[] {
  const from = join(repository, name);
  if (!existsSync(from)) return [];
  return readdirSync(from, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(repository, '/').length).replaceAll('\\', '/'));
}
