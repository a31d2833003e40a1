import type { Static } from 'typebox';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';

const closed = { additionalProperties: false };

const SecretReference = Type.String({
  pattern: '^(env:[A-Za-z_][A-Za-z0-9_]*|file:/.+)$',
  description: 'Where the secret is: `env:NAME` of the environment or `file:/path`. Never the secret itself.',
});

/** The file that lists who may send to us. */
export const ConnectionsFile = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    connections: Type.Array(
      Type.Object(
        {
          id: Type.String({
            pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
            description: 'Name of the connection: last part of its webhook address, and the channel in every report. Never changes.',
          }),
          tenant: Type.String({ pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$', description: 'The company that it belongs to.' }),
          vendor: Type.Literal('shopify'),
          secret: SecretReference,
          previousSecret: Type.Optional(
            Type.String({ ...SecretReference, description: 'The secret before, accepted as well while it is being rotated.' }),
          ),
        },
        closed,
      ),
      { minItems: 1 },
    ),
  },
  { ...closed, $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'Connections of Instep' },
);

export interface Connection {
  readonly id: string;
  readonly tenant: string;
  readonly vendor: 'shopify';
  /** The current secret first. */
  readonly secrets: readonly string[];
}

export type Connections = ReadonlyMap<string, Connection>;

/** For trying things out: its secret is known to everybody. Used only when no file is named. */
export const sampleConnections: Connections = new Map([
  ['sample', { id: 'sample', tenant: 'demo', vendor: 'shopify', secrets: ['sample-secret'] }],
]);

const checker = Compile(ConnectionsFile);

export type SecretResolver = (reference: string) => { readonly secret: string } | { readonly mistake: string };

/** The connections of a file's content, or every mistake in it. Mistakes never show a secret. */
export function readConnections(
  content: unknown,
  resolve: SecretResolver,
): { readonly connections: Connections; readonly mistakes: readonly string[] } {
  const connections = new Map<string, Connection>();
  if (!checker.Check(content)) {
    return {
      connections,
      mistakes: [...new Set([...checker.Errors(content)].map(({ instancePath, message }) => `${instancePath || '/'} ${message}`))],
    };
  }
  const mistakes: string[] = [];
  content.connections.forEach(
    ({ id, tenant, vendor, secret, previousSecret }: Static<typeof ConnectionsFile>['connections'][number], index) => {
      const at = `/connections/${String(index)}`;
      if (connections.has(id)) mistakes.push(`${at}/id "${id}" is there twice`);
      const secrets: string[] = [];
      for (const [name, reference] of Object.entries({ secret, previousSecret })) {
        if (reference === undefined) continue;
        const resolved = resolve(reference);
        if ('mistake' in resolved) mistakes.push(`${at}/${name} ${resolved.mistake}`);
        else secrets.push(resolved.secret);
      }
      connections.set(id, { id, tenant, vendor, secrets });
    },
  );
  return { connections, mistakes };
}
