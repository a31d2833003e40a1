import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { parse } from 'yaml';

interface Service {
  readonly profiles?: readonly string[];
  readonly volumes?: readonly (string | { readonly source: string })[];
}

const wanted = ['collector', 'console', 'grafana', 'prometheus', 'traces'];

/** Whether compose reads the file as it is meant, and finds what it mounts: for those who have the images. Throws with what is wrong. */
export function profilesAreWhole(config: string, repository: string): string {
  const { services } = parse(config) as { services: Readonly<Record<string, Service>> };
  const profiled = Object.entries(services).filter(([, { profiles }]) => profiles);
  const names = profiled.map(([name]) => name).sort();
  if (names.join() !== wanted.join()) throw new Error(`the profiles hold ${names.join(', ')} instead of ${wanted.join(', ')}`);
  const mounted = profiled.flatMap(([, { volumes = [] }]) => volumes.map(sourceOf));
  const missing = mounted.filter((path) => !existsSync(resolve(repository, path)));
  if (missing.length > 0) throw new Error(`the profiles mount what is not there: ${missing.join(', ')}`);
  return `telemetry and console are read as they are meant, and mount ${mounted.length} files and folders that are there (not started)`;
}

function sourceOf(volume: string | { readonly source: string }): string {
  return typeof volume === 'string' ? (volume.split(':')[0] ?? volume) : volume.source;
}
