import { randomUUID } from 'node:crypto';

import type { CloudEvent, EventData, EventType } from '@instep/contracts';
import { encodeEvent, findEvent, recordKey, topics } from '@instep/contracts';
import type { InMemoryLog } from '@instep/event-log';
import { inMemoryLog } from '@instep/event-log';

export interface ToldLog {
  readonly log: InMemoryLog;
  /** Puts another department's event into the log, as its relay would. */
  tell<Type extends EventType>(type: Type, subject: string, data: EventData<Type>, time?: string): Promise<void>;
  /** All that a topic holds, partition after partition. */
  eventsOf(topic: string): Promise<readonly CloudEvent[]>;
}

export function toldLog(): ToldLog {
  const log = inMemoryLog({ topics: Object.fromEntries(Object.values(topics).map(({ name, partitions }) => [name, partitions])) });
  const numbers = new Map<string, number>();
  return {
    log,
    async tell(type, subject, data, time = '2026-01-01T10:00:00.000Z') {
      const definition = findEvent(type);
      if (!definition) throw new Error(`no contract for ${type}`);
      const { topic, version, owner } = definition;
      const key = recordKey('demo', subject);
      const partition = await log.partitionFor(topic, key);
      const n = (numbers.get(`${topic}/${String(partition)}`) ?? 0) + 1;
      numbers.set(`${topic}/${String(partition)}`, n);
      const value = encodeEvent({
        specversion: '1.0',
        id: randomUUID(),
        source: `instep/${owner}`,
        type,
        subject,
        time,
        datacontenttype: 'application/json',
        dataschema: `${type}/${String(version)}`,
        tenant: 'demo',
        streamversion: 1,
        recordedtime: time,
        correlationid: 'c',
        causationid: 'c',
        actor: 'connection/sample',
        data,
      });
      await log.append({ topic, partition }, [{ key, type, sequence: { epoch: 1, n }, value: Buffer.from(value) }]);
    },
    async eventsOf(topic) {
      const events: CloudEvent[] = [];
      for (const { partition, next } of await log.bounds(topic)) {
        for await (const records of log.read({ topic, partition }, 0, next)) {
          for (const { value } of records) events.push(JSON.parse(value.toString()) as CloudEvent);
        }
      }
      return events;
    },
  };
}
