// For the image: the root's own tools, and with them every workspace they use, are no part of a service. Keeps those that build.
import { readFileSync, writeFileSync } from 'node:fs';

const needed = new Set(['@swc/cli', '@swc/core', 'turbo']);

for (const file of ['package.json', 'package-lock.json']) {
  const content = JSON.parse(readFileSync(file, 'utf8'));
  const root = file === 'package.json' ? content : content.packages[''];
  root.devDependencies = Object.fromEntries(Object.entries(root.devDependencies).filter(([name]) => needed.has(name)));
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}
