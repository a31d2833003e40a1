import { topics } from '@instep/contracts';

import { allVersions } from './published.ts';

interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly description?: string;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** Every event with its meaning and the fields of its data, topic by topic. */
export function eventCatalogue(): string {
  const parts = [
    '# Events',
    '',
    'Generated from the contracts by `npm run docs`. Field paths are within `data`; `?` marks what may be absent.',
    '',
  ];
  for (const topic of Object.values(topics)) {
    const own = allVersions.filter((event) => event.topic === topic.name);
    if (own.length === 0) continue;
    parts.push(`## ${topic.name}`, '', `Owner: ${topic.owner}. ${topic.meaning}`, '');
    for (const { name, version, stream, meaning, data } of own) {
      parts.push(`### ${name} (version ${version})`, '', meaning, '', `Stream: \`${stream}\`.`, '', '| field | type | |', '|---|---|---|');
      parts.push(...fields(data, ''), '');
    }
  }
  return parts.join('\n');
}

function fields(schema: Schema, path: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const optional = schema.required?.includes(name) ? '' : '?';
    const own = `${path}${name}${optional}`;
    const { inner, list } = core(field);
    return [
      `| \`${own}${list}\` | ${typeName(field)} | ${field.description ?? inner.description ?? ''} |`,
      ...fields(inner, `${own}${list}.`),
    ];
  });
}

/** The object inside a nullable or a list, whose fields are listed too. */
function core(schema: Schema): { readonly inner: Schema; readonly list: string } {
  if (schema.type === 'array' && schema.items) return { inner: core(schema.items).inner, list: '[]' };
  const alternative = schema.anyOf?.find((each) => each.type !== 'null');
  return { inner: alternative ? core(alternative).inner : schema, list: alternative?.type === 'array' ? '[]' : '' };
}

function typeName(schema: Schema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeName))].join(' or ');
  if (schema.type === 'array') return `list of ${schema.items ? typeName(schema.items) : 'anything'}`;
  return schema.type ?? 'anything';
}
