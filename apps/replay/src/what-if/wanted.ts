import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { ContractViolation, decodeEvent, findEvent, serviceNames, type CloudEvent, type ServiceName } from '@instep/contracts';
import type { DepartmentDefinition } from '@instep/department';

import { ReplayFault } from '../fault.ts';
import type { History } from './history.ts';

/** Throws `ReplayFault` for a name that nothing from outside has. An event that a department decided would be decided again: its root is named. */
export function assertRemovable(history: History, names: readonly string[]): void {
  for (const name of names) {
    const found = history.find(name);
    if (found) {
      const root = rootOf(history, name);
      if (root !== name)
        throw new ReplayFault(
          'replay/bad-option',
          `${found.event.type} ${name} was decided by a department, which would decide it again. It follows from ${root}: remove that.`,
        );
    } else if (!outside(history).some((event) => isOf(event, name))) {
      throw new ReplayFault('replay/bad-option', `${beginOf(history, name)} npm run log -- story shows what followed from what.`);
    }
  }
}

function isOf({ tenant, subject }: CloudEvent, name: string): boolean {
  return subject === name || `${tenant}/${subject}` === name;
}

/** For a name that only departments know, such as that of an order: what it began with. */
function beginOf(history: History, name: string): string {
  const first = history.decisions.flatMap(({ events }) => events).find(({ event }) => isOf(event, name));
  if (!first) return `Nothing that came from outside has the id or key "${name}":`;
  const root = history.find(rootOf(history, first.event.id))?.event;
  return `${name} is known to departments alone. It began with ${root?.type ?? ''} ${root?.id ?? ''}, key ${root?.subject ?? ''}: remove that;`;
}

function outside({ raw, decisions }: History): readonly CloudEvent[] {
  return [...raw, ...decisions.filter(({ cause }) => cause.startsWith('request/')).flatMap(({ events }) => events)].map(
    ({ event }) => event,
  );
}

/** Id of the event from outside that this one follows from. */
function rootOf(history: History, id: string): string {
  const decision = history.decisions.find(({ events }) => events.some(({ event }) => event.id === id));
  if (!decision?.cause.startsWith('event/')) return id;
  return rootOf(history, decision.cause.slice('event/'.length));
}

/** Events from outside that came as well: one JSON document a line. Throws `ReplayFault` that names the line. */
export function readAdded(path: string): readonly CloudEvent[] {
  if (!existsSync(path)) throw new ReplayFault('replay/bad-option', `There is no file ${path}.`);
  const lines = textOf(path).split('\n');
  return lines.flatMap((line, at) => (line.trim() === '' ? [] : [addedEvent(line, `Line ${String(at + 1)} of ${path}`, at + 1)]));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ReplayFault('replay/bad-option', `${path} cannot be read (${said(error)}): name a file with an event a line.`, error);
  }
}

function addedEvent(line: string, where: string, n: number): CloudEvent {
  let given: Partial<CloudEvent>;
  try {
    given = JSON.parse(line) as Partial<CloudEvent>;
  } catch (error) {
    throw new ReplayFault('replay/bad-option', `${where} is no JSON: ${said(error)}`);
  }
  const definition = findEvent(given.type ?? '');
  if (!definition) throw new ReplayFault('replay/bad-option', `${where} has no "type" that a contract names.`);
  const missing = (['tenant', 'subject', 'time', 'data'] as const).find((name) => given[name] === undefined);
  if (missing !== undefined)
    throw new ReplayFault('replay/bad-option', `${where} has no "${missing}": an event needs type, tenant, subject, time and data.`);
  const time = String(given.time);
  const event = {
    ...{ specversion: '1.0', id: `added-${String(n)}`, source: 'what-if', datacontenttype: 'application/json', actor: 'user/what-if' },
    ...{ dataschema: `${definition.name}/${String(definition.version)}`, recordedtime: time, correlationid: `added-${String(n)}` },
    ...{ causationid: `request/added-${String(n)}/what-if`, ...given },
  } as CloudEvent;
  if (Number.isNaN(Date.parse(event.recordedtime)))
    throw new ReplayFault('replay/bad-option', `${where} has a "time" that is none: write 2026-03-01T12:00:00.000Z.`);
  try {
    return decodeEvent(JSON.stringify(event));
  } catch (error) {
    if (!(error instanceof ContractViolation)) throw error;
    throw new ReplayFault('replay/bad-option', `${where}: ${error.message}.`, error);
  }
}

/** `inventory=../old/apps/inventory/dist/compose.js`: another version of a department. */
export async function readDepartment(text: string): Promise<readonly [ServiceName, DepartmentDefinition]> {
  const [name, path] = [text.slice(0, text.indexOf('=')), resolve(text.slice(text.indexOf('=') + 1))];
  const service = serviceNames.find((known) => known === name);
  if (!service)
    throw new ReplayFault(
      'replay/bad-option',
      `"${text}" names no department: write <department>=<file>, with one of ${serviceNames.join(', ')}.`,
    );
  if (!existsSync(path))
    throw new ReplayFault('replay/bad-option', `There is no file ${path}: name the compose.js of another version of ${service}.`);
  const definition = await composed(path, service);
  if (definition?.service !== service) throw new ReplayFault('replay/bad-option', `${path} composes no ${service}.`);
  return [service, definition];
}

/** Code of somebody else's: what it throws is said, and not thrown further. */
async function composed(path: string, service: ServiceName): Promise<DepartmentDefinition | undefined> {
  try {
    const { compose } = (await import(pathToFileURL(path).href)) as { compose?: () => DepartmentDefinition };
    return compose?.();
  } catch (error) {
    throw new ReplayFault(
      'replay/bad-option',
      `${path} cannot be used (${said(error)}): name the compose.js of another version of ${service}, built and with its packages.`,
      error,
    );
  }
}

function said(error: unknown): string {
  return (error as { readonly message?: string } | undefined)?.message ?? String(error);
}
