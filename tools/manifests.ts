/** npm run manifests: writes k8s/generated from the contracts and the departments. With --check it only says what is out of date, with exit code 1. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { generatedFiles } from '@instep/kubernetes';

import { repository } from './running.ts';

const folder = join(repository, 'k8s', 'generated');
const onlyCheck = process.argv.includes('--check');
const wanted = generatedFiles(join(repository, 'infra', 'observability'));
const present = existsSync(folder)
  ? readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(folder.length + 1)
          .replaceAll('\\', '/'),
      )
  : [];
const stale = [...wanted].filter(([name, text]) => !present.includes(name) || readFileSync(join(folder, name), 'utf8') !== text);
const superfluous = present.filter((name) => !wanted.has(name));

if (onlyCheck) {
  for (const [name] of stale) console.error(`k8s/generated/${name} is out of date. Run: npm run manifests`);
  for (const name of superfluous) console.error(`k8s/generated/${name} belongs to nothing any more. Run: npm run manifests`);
  process.exitCode = stale.length + superfluous.length > 0 ? 1 : 0;
} else {
  for (const name of superfluous) rmSync(join(folder, name));
  for (const [name, text] of stale) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const changed = [...stale.map(([name]) => name), ...superfluous];
  console.log(
    changed.length === 0 ? 'k8s/generated is up to date.' : `Wrote ${changed.map((name) => `k8s/generated/${name}`).join(', ')}.`,
  );
}
