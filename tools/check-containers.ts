/** npm run check:containers: every image built, docker-compose.yml started, an order sent through it. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { checkContainers } from '@instep/containers';

import { failInOneSentence, onEnding } from './ending.ts';
import { repository, secondsSince } from './running.ts';

const help = `npm run check:containers

Builds the image of every service, starts docker-compose.yml under another name and on free ports, sends an order through it, looks for secrets
and open doors, and removes all of it. With Docker it uses the public images. With Debian's buildah and podman, as root, it builds stand-ins of
the same names first, for machines that reach package registries only. Elsewhere it says what it would need.

  --help   this

Example
  npm run check:containers`;

onEnding(() => process.exit(130));
try {
  const { values } = parseArgs({ options: { help: { type: 'boolean', default: false } } });
  if (values.help) console.log(help);
  else await check();
} catch (error) {
  failInOneSentence(error);
}

async function check(): Promise<void> {
  const begun = performance.now();
  const { passed, failed, skipped } = await checkContainers({
    repository,
    files: join(repository, 'infra', 'docker'),
    cacheDir: join(repository, '.instep', 'cache', 'containers'),
    jarsDir: join(repository, '.instep', 'toolchain', 'kafka'),
    say: (line) => {
      console.log(line);
    },
  });
  for (const what of skipped) console.log(`skipped: ${what}`);
  console.log(`all of it took ${secondsSince(begun)}\n\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
