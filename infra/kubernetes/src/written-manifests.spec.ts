import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';
import { serviceNames } from '@instep/contracts';

import { generatedFiles } from './generate/generated-files.ts';
import type { Manifest } from './manifest.ts';
import { parseManifests } from './parse-manifests.ts';
import { boundedResources } from './rules/bounded-resources.ts';
import { closedNetwork } from './rules/closed-network.ts';
import { endsInOrder } from './rules/ends-in-order.ts';
import { hardenedPods } from './rules/hardened-pods.ts';
import { keptHistory } from './rules/kept-history.ts';
import { leastRights } from './rules/least-rights.ts';
import { ownAccount } from './rules/own-account.ts';
import { probes } from './rules/probes.ts';
import { spread } from './rules/spread.ts';

const folder = fileURLToPath(new URL('../../../k8s/', import.meta.url));
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
const kustomizations = /(^|\/)kustomization\.yaml$/;

/** As they stand, before kustomize puts them together: that takes a program that is fetched only for `npm run check:k8s`. */
function written(...folders: readonly string[]): readonly Manifest[] {
  return files
    .filter((file) => !kustomizations.test(file) && folders.some((name) => file.startsWith(`${name}/`)))
    .flatMap((file) => parseManifests(readFileSync(join(folder, file), 'utf8'), file));
}

describe('the manifests as they are written', () => {
  it('are what the contracts and the departments say today', () => {
    const wanted = generatedFiles(fileURLToPath(new URL('../../observability/', import.meta.url)));
    const stale = [...wanted].filter(([name, text]) => readFileSync(join(folder, 'generated', name), 'utf8') !== text);
    expect(stale.map(([name]) => name)).toEqual([]);
    expect(files.filter((file) => file.startsWith('generated/')).toSorted()).toEqual(
      [...wanted.keys()].map((name) => `generated/${name}`).toSorted(),
    );
  });

  it('have a base for every service, and list it', () => {
    const { resources } = parseManifests(readFileSync(join(folder, 'base/kustomization.yaml'), 'utf8'), 'base')[0] as unknown as {
      resources: readonly string[];
    };
    expect(resources).toEqual(serviceNames.toSorted());
  });

  it.each([hardenedPods, ownAccount, boundedResources, probes, endsInOrder, spread])(
    'pass the rule "$name" where pods are described',
    (rule) => {
      expect(rule.check([...written('base/service'), ...written('components/otel-collector')])).toEqual([]);
    },
  );

  it.each([hardenedPods, ownAccount, boundedResources])('pass the rule "$name" where the history is looked at', (rule) => {
    const jobs = written('generated/jobs');
    expect(jobs.filter(({ kind }) => kind === 'CronJob')).toHaveLength(3);
    expect(rule.check(jobs)).toEqual([]);
  });

  it.each([keptHistory, leastRights])('pass the rule "$name" where the log is described', (rule) => {
    const log = written('components/kafka-strimzi', 'generated/topics', 'generated/users', 'generated/jobs');
    expect(log.length).toBeGreaterThan(20);
    expect(rule.check(log)).toEqual([]);
  });

  it('close the network', () => {
    expect(closedNetwork.check(written('components/network-policies', 'generated/edges', 'generated/jobs'))).toEqual([]);
  });
});
