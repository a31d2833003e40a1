import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { goIsThere, goModules, moduleFolder } from '../programs/go-modules.ts';

type Schema = Readonly<Record<string, unknown>>;

/** The published API of Kubernetes, from its own module: the schema of each core type by `<apiVersion> <kind>`. Undefined without Go and cache. */
export async function coreSchemas(cacheDir: string): Promise<CoreSchemas | undefined> {
  const file = join(cacheDir, `${goModules.kubernetes.replaceAll(/[/@]/g, '-')}-swagger.json`);
  if (!existsSync(file)) {
    if (!(await goIsThere())) return undefined;
    mkdirSync(cacheDir, { recursive: true });
    writeFileSync(file, readFileSync(join(await moduleFolder(goModules.kubernetes), 'api', 'openapi-spec', 'swagger.json')));
  }
  const { definitions } = JSON.parse(readFileSync(file, 'utf8')) as { definitions: Readonly<Record<string, Schema>> };
  return { definitions, names: namesOf(definitions) };
}

export interface CoreSchemas {
  readonly definitions: Readonly<Record<string, Schema>>;
  /** Name of the definition, by `<apiVersion> <kind>`. */
  readonly names: ReadonlyMap<string, string>;
}

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

function namesOf(definitions: Readonly<Record<string, Schema>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(definitions).flatMap(([name, schema]) => {
      const kinds = (schema['x-kubernetes-group-version-kind'] ?? []) as readonly GroupVersionKind[];
      return kinds.map(({ group, version, kind }) => [`${group === '' ? '' : `${group}/`}${version} ${kind}`, name] as const);
    }),
  );
}
