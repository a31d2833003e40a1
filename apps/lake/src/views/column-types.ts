import type { TSchema } from 'typebox';

/** How data of this shape is spelled to DuckDB's `json_transform`: a type by name, a list, or a structure. */
export type JsonShape = string | readonly [JsonShape] | { readonly [field: string]: JsonShape };

/**
 * 12 digits before the point and 6 behind it, exact; sums of them have 32 before it. DuckDB turns text into this eight times faster than
 * into the next larger decimal (measured: 1.6 instead of 13 µs for an entry of the ledger). What is a million million or more is NULL in a
 * view and stays as it is in `data`.
 */
const decimal = 'DECIMAL(18,6)';

interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly const?: unknown;
}

/** The shape of what a contract describes. What has no shape of its own stays JSON. */
export function shapeOf(schema: TSchema): JsonShape {
  return shape(schema);
}

/** The type of such data as DuckDB spells it in a cast. */
export function duckType(of: JsonShape): string {
  if (typeof of === 'string') return of;
  if (Array.isArray(of)) return `${duckType(of[0] as JsonShape)}[]`;
  const fields = Object.entries(of as Readonly<Record<string, JsonShape>>).map(([field, each]) => `"${field}" ${duckType(each)}`);
  return `STRUCT(${fields.join(', ')})`;
}

function shape(schema: JsonSchema): JsonShape {
  if (schema.anyOf) return shapeOfChoice(schema.anyOf.filter(({ type }) => type !== 'null'));
  if (schema.type === 'array') return schema.items ? [shape(schema.items)] : ['JSON'];
  if (schema.type === 'object') return shapeOfObject(schema.properties ?? {});
  if (schema.type === 'string') return textShape(schema.description);
  if (schema.type === 'integer') return 'BIGINT';
  if (schema.type === 'number') return decimal;
  if (schema.type === 'boolean') return 'BOOLEAN';
  return 'JSON';
}

function shapeOfObject(properties: Readonly<Record<string, JsonSchema>>): JsonShape {
  const fields = Object.entries(properties).map(([name, field]) => [name, shape(field)] as const);
  return fields.length === 0 ? 'JSON' : Object.fromEntries(fields);
}

function shapeOfChoice(choices: readonly JsonSchema[]): JsonShape {
  const [first, ...others] = choices.map(shape);
  if (first === undefined) return 'JSON';
  return others.every((other) => JSON.stringify(other) === JSON.stringify(first)) ? first : 'JSON';
}

function textShape(description: string | undefined): string {
  if (description === 'exact decimal') return decimal;
  return description === 'UTC, ISO 8601' ? 'TIMESTAMPTZ' : 'VARCHAR';
}
