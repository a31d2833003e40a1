import type { EventDefinition } from '@instep/contracts';

import type { JsonShape } from '../views/column-types.ts';

/** Whether an answer may name or reach a person, or tell what they are paid. */
export type Personal = 'hidden' | 'shown';

/** Where a field lies in the data of an event: `['head', 'personal']`. */
export type FieldPath = readonly string[];

/** All that names or reaches a person, but not what they are paid, is under this name, in events and in tables (docs/adr/0016). */
const personalField = 'personal';

/** What one person is paid, by event: who knows the id of an employee knows the person. Sums over all are not hidden. */
const payFields: Readonly<Record<string, readonly string[]>> = {
  'employee.hired': ['salary', 'commissionRate'],
  'employee.changed': ['salary', 'commissionRate'],
  'commission.earned': ['amount', 'total', 'rate'],
  'payroll.calculated': ['lines'],
  'payroll.approved': ['lines'],
};

/** The same in the rows and streams of the department that pays. */
const payer = 'hr';
const payNames: ReadonlySet<string> = new Set(['salary', 'commissionRate', 'amount', 'total', 'rate', 'lines']);

/** How contracts tell bytes: what a vendor sent, or a whole record, is kept as it came, persons included. */
const bytes = 'base64';

/** Words beside such bytes, which may quote them: what is wrong with a parked record, why somebody mended it. */
const besideBytes: readonly string[] = ['reason', 'note'];

interface JsonSchema {
  readonly contentEncoding?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
}

/**
 * The fields of an event that are about a person: who it is, how to reach them, what they are paid. Throws when one lies in a list, where it
 * could not be taken out.
 */
export function hiddenFields({ name, data }: Pick<EventDefinition, 'name' | 'data'>): readonly FieldPath[] {
  return [...pathsIn(data, [], name), ...(payFields[name] ?? []).map((field) => [field])];
}

function pathsIn(schema: JsonSchema, at: FieldPath, event: string): readonly FieldPath[] {
  if (schema.items && pathsIn(schema.items, [], event).length > 0)
    throw new Error(`${event} has personal data in the list ${at.join('.')}: apps/lake can't hide it there`);
  const fields = Object.entries(schema.properties ?? {});
  const hasBytes = fields.some(([, { contentEncoding }]) => contentEncoding === bytes);
  const inside = fields.flatMap(([field, of]) => {
    const whole = field === personalField || of.contentEncoding === bytes || (hasBytes && besideBytes.includes(field));
    return whole ? [[...at, field]] : pathsIn(of, [...at, field], event);
  });
  return [...inside, ...(schema.anyOf ?? []).flatMap((choice) => pathsIn(choice, at, event))];
}

/** The same of a field in the rows or streams of a department. */
export function isAboutPerson(department: string, field: string): boolean {
  return field === personalField || (department === payer && payNames.has(field));
}

/** A JSON text without these fields, in SQL. */
export function withoutFields(json: string, paths: readonly FieldPath[]): string {
  return paths.reduce((sql, path) => {
    const patch = path.reduceRight<unknown>((inner, field) => ({ [field]: inner }), null);
    // A patch makes the objects on its way; so only where the field is.
    return `CASE WHEN json_exists(${sql}, '$.${path.join('.')}') THEN json_merge_patch(${sql}, '${JSON.stringify(patch)}') ELSE ${sql} END`;
  }, json);
}

/** The shape of data without these fields; what lies at the top is left to the caller. */
export function shapeWithout(shape: Readonly<Record<string, JsonShape>>, paths: readonly FieldPath[]): Readonly<Record<string, JsonShape>> {
  return Object.fromEntries(
    Object.entries(shape).flatMap(([field, of]) => {
      const deeper = paths.filter(([first]) => first === field).map(([, ...rest]) => rest);
      if (deeper.some((path) => path.length === 0)) return [];
      const inner =
        deeper.length > 0 && typeof of === 'object' && !Array.isArray(of) ? shapeWithout(of as Record<string, JsonShape>, deeper) : of;
      return [[field, inner]];
    }),
  );
}
