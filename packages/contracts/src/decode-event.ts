import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

import type { CloudEvent } from './cloud-event.ts';
import { ContractViolation } from './contract-violation.ts';
import type { EventDefinition } from './define-event.ts';
import { findEvent, findVersion } from './registry.ts';

interface Checker {
  Check(value: unknown): boolean;
  Errors(value: unknown): Iterable<{ instancePath: string; message: string }>;
}

const checkers = new Map<TSchema, Checker>();

function checkerFor(schema: TSchema): Checker {
  const known = checkers.get(schema);
  if (known) return known;
  const made = Compile(schema) as unknown as Checker;
  checkers.set(schema, made);
  return made;
}

/**
 * Parses the value of a record, checks its data as the version that it was written in, and gives it as the newest version.
 * Throws ContractViolation.
 */
export function decodeEvent(value: Buffer | string): CloudEvent {
  const event = parse(value);
  const definition = findVersion(event.dataschema);
  if (!definition) {
    if (findEvent(event.type))
      throw new ContractViolation(
        'contract/unknown-version',
        `"${event.dataschema}" is not a version of "${event.type}" that this release knows`,
      );
    throw new ContractViolation('contract/unknown-type', `no contract names the event "${event.type}"`);
  }
  checkData(definition, event.data);
  return definition.upcast ? upcast(event, definition) : event;
}

/** Throws ContractViolation when `data` is not what the definition says. */
export function checkData(definition: EventDefinition, data: unknown): void {
  const checker = checkerFor(definition.data);
  if (checker.Check(data)) return;
  const paths = [...checker.Errors(data)].slice(0, 10).map(({ instancePath, message }) => ({ path: instancePath, message }));
  const first = paths[0];
  const where = first ? `: ${first.path || '/'} ${first.message}` : '';
  throw new ContractViolation(
    'contract/invalid-data',
    `the data of "${definition.name}/${String(definition.version)}" breaks its schema${where}`,
    paths,
  );
}

function parse(value: Buffer | string): CloudEvent {
  let parsed: unknown;
  try {
    parsed = JSON.parse(typeof value === 'string' ? value : value.toString('utf8'));
  } catch (cause) {
    throw new ContractViolation(
      'contract/not-an-event',
      `the record is not JSON (${cause instanceof Error ? cause.message.slice(0, 120) : 'unreadable'})`,
    );
  }
  const event = parsed as Partial<CloudEvent> | null;
  for (const attribute of [
    'id',
    'type',
    'subject',
    'tenant',
    'dataschema',
    'time',
    'recordedtime',
    'correlationid',
    'causationid',
  ] as const) {
    if (typeof event?.[attribute] !== 'string') throw new ContractViolation('contract/not-an-event', `the record has no "${attribute}"`);
  }
  return event as CloudEvent;
}

function upcast(event: CloudEvent, from: EventDefinition): CloudEvent {
  let definition: EventDefinition | undefined = from;
  let data = event.data;
  while (definition?.upcast) {
    data = definition.upcast(data);
    definition = findVersion(`${definition.name}/${String(definition.version + 1)}`);
  }
  if (!definition)
    throw new ContractViolation('contract/unknown-version', `the upcast of "${from.name}/${String(from.version)}" leads nowhere`);
  return { ...event, dataschema: `${definition.name}/${String(definition.version)}`, data };
}
