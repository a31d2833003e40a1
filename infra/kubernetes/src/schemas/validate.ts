import { Ajv, type ValidateFunction } from 'ajv';

import { titleOf, type Manifest } from '../manifest.ts';
import type { CoreSchemas } from './core-schemas.ts';
import { strict } from './strict.ts';

interface Definition {
  readonly group: string;
  readonly names: { readonly kind: string };
  readonly versions: readonly {
    readonly name: string;
    readonly schema?: { readonly openAPIV3Schema: Readonly<Record<string, unknown>> };
  }[];
}

const quantity = 'io.k8s.apimachinery.pkg.api.resource.Quantity';

/** Checks manifests against the schemas of the core types and of the custom resources, field by field, unknown fields included. */
export class SchemaCheck {
  readonly #ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  readonly #schemas = new Map<string, object>();
  readonly #compiled = new Map<string, ValidateFunction>();
  readonly #core: CoreSchemas | undefined;

  constructor(core: CoreSchemas | undefined, customResources: readonly Manifest[]) {
    this.#core = core;
    if (core) this.#ajv.addSchema({ $id: 'core', definitions: definitionsOf(core) });
    for (const resource of customResources) {
      const { group, names, versions } = resource['spec'] as Definition;
      for (const { name, schema } of versions)
        if (schema) this.#schemas.set(`${group}/${name} ${names.kind}`, rooted(schema.openAPIV3Schema));
    }
  }

  /** What is wrong with one object; undefined when there is no schema for it. */
  check(manifest: Manifest): readonly string[] | undefined {
    const validate = this.#validatorOf(`${manifest.apiVersion} ${manifest.kind}`);
    if (!validate) return undefined;
    if (validate(manifest)) return [];
    return (validate.errors ?? []).map(({ instancePath, message = '', params }) => {
      const { additionalProperty } = params as { additionalProperty?: string };
      const what = additionalProperty === undefined ? message : `knows no field "${additionalProperty}"`;
      return `${titleOf(manifest)}: ${instancePath === '' ? 'the object' : instancePath} ${what}`;
    });
  }

  #validatorOf(type: string): ValidateFunction | undefined {
    const known = this.#compiled.get(type);
    if (known) return known;
    const name = this.#core?.names.get(type);
    const schema = name === undefined ? this.#schemas.get(type) : { $ref: `core#/definitions/${name}` };
    if (!schema) return undefined;
    const validate = this.#ajv.compile(schema);
    this.#compiled.set(type, validate);
    return validate;
  }
}

/** A custom resource says nothing of what every object has. */
function rooted(schema: Readonly<Record<string, unknown>>): object {
  const properties = {
    ...(schema['properties'] as object),
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object' },
  };
  return strict({ ...schema, properties }) as object;
}

function definitionsOf({ definitions }: CoreSchemas): object {
  const all = Object.entries(definitions).map(([name, schema]) => [
    name,
    name === quantity ? { type: ['string', 'number'] } : local(strict(schema)),
  ]);
  return Object.fromEntries(all) as object;
}

/** References within the published file, as references within ours. */
function local(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(local);
  if (schema === null || typeof schema !== 'object') return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([name, value]) => [
      name,
      name === '$ref' && typeof value === 'string' ? value.replace(/^#/, 'core#') : local(value),
    ]),
  );
}
