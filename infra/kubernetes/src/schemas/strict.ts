type Schema = Readonly<Record<string, unknown>>;

/**
 * A schema of Kubernetes as JSON Schema that refuses fields it does not know, as the API server does with strict validation: the schemas
 * themselves only leave them out. Numbers that may be text (`intstr`, quantities) stay either.
 */
export function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (schema === null || typeof schema !== 'object') return schema;
  const node = schema as Schema;
  if (node['x-kubernetes-int-or-string'] === true || node['format'] === 'int-or-string') return { type: ['integer', 'string'] };
  const rest = Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, name === 'properties' ? each(value) : kept(name, value)]),
  );
  if (node['type'] !== 'object' || node['properties'] === undefined) return rest;
  if (node['x-kubernetes-preserve-unknown-fields'] === true || node['additionalProperties'] !== undefined) return rest;
  const any = node['x-kubernetes-embedded-resource'] === true;
  return any ? rest : { ...rest, additionalProperties: false };
}

/** The names of properties are free: one may be called "format". */
function each(properties: unknown): unknown {
  return Object.fromEntries(Object.entries(properties as Schema).map(([name, value]) => [name, strict(value)]));
}

/** Go writes a flag in front of what it holds for, JavaScript around it. */
const goFlag = /^\^\(\?i\)(?<rest>.*)$/;

function kept(name: string, value: unknown): unknown {
  if (name === 'pattern' && typeof value === 'string') return value.replace(goFlag, '^(?i:$<rest>)');
  return name === 'enum' || name === 'default' || name === 'required' || name === 'example' ? value : strict(value);
}
