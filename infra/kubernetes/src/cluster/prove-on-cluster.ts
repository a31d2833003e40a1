import type { Manifest } from '../manifest.ts';
import { stringify } from 'yaml';

import type { Cluster } from './cluster.ts';
import { namespace } from './pods.ts';
import {
  drainsInOrder,
  evictsOneAtATime,
  givesNoRights,
  isAdmitted,
  refusesBadPod,
  refusesWrongFields,
  rollsBack,
  rollsGently,
  spreadsOverZones,
  staysTheSame,
  type Proof,
} from './proofs.ts';
import { makeNodes } from './simulated-nodes.ts';

/** Overlays by name, as kustomize renders them. */
export type Overlays = ReadonlyMap<string, string>;

export interface Said {
  proved(overlay: string, what: string): void;
  failed(overlay: string, why: string): void;
}

/** Applies every overlay to an empty cluster, one after the other, and shows there what no schema can. */
export async function proveOnCluster(cluster: Cluster, definitions: readonly Manifest[], overlays: Overlays, said: Said): Promise<void> {
  await makeNodes(cluster);
  await cluster.apply(definitions.map((definition) => stringify(definition)).join('---\n'));
  await cluster.must(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s']);
  for (const [name, text] of overlays) {
    for (const proof of proofsFor(name, text)) {
      try {
        said.proved(name, await proof(cluster));
      } catch (error) {
        said.failed(name, (error as Error).message);
        break; // what comes after stands on it
      }
    }
    await cluster.must(['delete', 'namespace', namespace, '--wait', '--timeout=120s']);
  }
}

/** All of them on the overlay that is rolled; the others must be admitted and stay. */
function proofsFor(name: string, text: string): readonly Proof[] {
  const all = [isAdmitted(text), staysTheSame(text)];
  if (name === 'local') return [...all, refusesBadPod];
  if (name === 'production') return [...all, spreadsOverZones, staysTheSame(text)];
  const next = text.replaceAll(/(?<=instep\/[a-z-]+:|INSTEP_VERSION: )0\.1\.0/g, '0.2.0').replaceAll('migrate-0-1-0-', 'migrate-0-2-0-');
  return [
    ...all,
    spreadsOverZones,
    staysTheSame(text),
    evictsOneAtATime,
    drainsInOrder,
    rollsGently(next),
    rollsBack(text),
    refusesBadPod,
    refusesWrongFields,
    givesNoRights,
  ];
}
