import { topics, type ServiceName } from '@instep/contracts';

import type { ParkedKey } from '../../adapters/services/service-client.ts';
import { badInput, ToolFault } from '../../fault.ts';
import { serviceNamed } from '../../names.ts';
import type { ToolContext } from '../../tool-context.ts';
import { timeFrom } from '../../when.ts';
import { plural } from './words.ts';

/** Which of the parked keys are meant. */
export interface Selection {
  readonly service: readonly string[];
  readonly topic: readonly string[];
  readonly code?: string;
  /** Part of the reason. */
  readonly reason?: string;
  readonly since?: string;
  readonly until?: string;
}

export interface Parked extends ParkedKey {
  readonly service: ServiceName;
}

/** As many as a service tells of in one answer. */
const MOST = 9_999;

export interface Selected {
  readonly keys: readonly Parked[];
  /** What a service has beyond what it listed, in words. */
  readonly beyond: readonly string[];
  /** Services that did not answer, in words. */
  readonly unseen: readonly string[];
}

/** The parked keys that fit, oldest first, of all services that answer. */
export async function select({ ground, now }: ToolContext, selection: Selection): Promise<Selected> {
  const names = selection.service.map(serviceNamed);
  const since = selection.since === undefined ? undefined : timeFrom('--since', selection.since, now());
  const until = selection.until === undefined ? undefined : timeFrom('--until', selection.until, now());
  const fits = ({ topic, first: { code, reason, parkedAt } }: ParkedKey): boolean =>
    (selection.topic.length === 0 || selection.topic.includes(topic)) &&
    (selection.code === undefined || selection.code === code) &&
    (selection.reason === undefined || reason.includes(selection.reason)) &&
    (since === undefined || Date.parse(parkedAt) >= since.getTime()) &&
    (until === undefined || Date.parse(parkedAt) < until.getTime());
  const keys: Parked[] = [];
  const beyond: string[] = [];
  const unseen: string[] = [];
  for (const service of ground.services().filter(({ name }) => names.length === 0 || names.includes(name))) {
    try {
      const list = await service.parked(MOST);
      keys.push(...list.items.filter(fits).map((key) => ({ service: service.name, ...key })));
      if (list.keys > list.items.length)
        beyond.push(`${service.name} has ${plural(list.keys, 'key')} parked and tells of the oldest ${String(list.items.length)}.`);
    } catch (error) {
      if (!(error instanceof ToolFault)) throw error;
      unseen.push(error.message);
    }
  }
  return { keys: keys.toSorted((a, b) => a.first.parkedAt.localeCompare(b.first.parkedAt)), beyond, unseen };
}

export function notParked(service: string, topic: string, key: string): ToolFault {
  return new ToolFault(
    'log-tool/nothing-there',
    `${service} has nothing parked of the key "${key}" of ${topic}: npm run log -- parked shows what there is.`,
  );
}

export function checkedTopic(name: string): string {
  if (!Object.hasOwn(topics, name)) throw badInput(`There is no topic "${name}": there are ${Object.keys(topics).join(', ')}.`);
  return name;
}
