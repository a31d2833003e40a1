// For the image: drops what develops and tests. Of the root stay the tools that build; of the workspaces what runs. What belongs to nothing
// then, `turbo prune` leaves out: the tools of the root would otherwise bring every workspace, and the test kit all of jest.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const builds = new Set(['@swc/cli', '@swc/core', 'turbo']);

function stripped(path, { devDependencies = {}, ...manifest }) {
  const kept = Object.entries(devDependencies).filter(([name]) => path === '' && builds.has(name));
  return { ...manifest, ...(kept.length > 0 && { devDependencies: Object.fromEntries(kept) }) };
}

function rewrite(file, change) {
  if (!existsSync(file)) return; // not sent to the build
  writeFileSync(file, `${JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8'))), null, 2)}\n`);
}

let workspaces = [];
rewrite('package-lock.json', (lock) => {
  workspaces = Object.keys(lock.packages).filter((path) => path !== '' && !path.includes('node_modules/'));
  for (const path of ['', ...workspaces]) lock.packages[path] = stripped(path, lock.packages[path]);
  return lock;
});
for (const path of ['', ...workspaces]) rewrite(`${path === '' ? '.' : path}/package.json`, (manifest) => stripped(path, manifest));
