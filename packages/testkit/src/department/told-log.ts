import { randomUUID } from 'node:crypto';

import { encodeEvent, findEvent, recordKey, topics } from '@instep/contracts';
import type { CloudEvent, EventDefinition } from '@instep/contracts';
import type { IncomingEvent } from '@instep/department';
import { inMemoryLog } from '@instep/event-log';
import type { InMemoryLog } from '@instep/event-log';

export interface ToldLog {
  readonly log: InMemoryLog;
  /** Puts an event into the topic of its owner, as the owner's relay would. */
  tell(event: IncomingEvent): Promise<void>;
  /** All that a topic holds, partition after partition. */
  eventsOf(topic: string): Promise<readonly CloudEvent[]>;
}

/** A log in memory with all topics, into which specs put what other departments announce. */
export function toldLog(): ToldLog {
  const log = inMemoryLog({ topics: Object.fromEntries(Object.values(topics).map(({ name, partitions }) => [name, partitions])) });
  const numbers = new Map<string, number>();
  return {
    log,
    async tell(event) {
      const definition = findEvent(event.type);
      if (!definition) throw new Error(`no contract names ${event.type}`);
      const { topic } = definition;
      const key = recordKey(event.tenant, event.subject);
      const partition = await log.partitionFor(topic, key);
      const n = (numbers.get(`${topic}/${String(partition)}`) ?? 0) + 1;
      numbers.set(`${topic}/${String(partition)}`, n);
      const value = Buffer.from(encodeEvent(onTheWire(event, definition)));
      await log.append({ topic, partition }, [{ key, type: event.type, sequence: { epoch: 1, n }, value }]);
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

function onTheWire(event: IncomingEvent, { owner, version }: EventDefinition): CloudEvent {
  return {
    specversion: '1.0',
    id: randomUUID(),
    source: `instep/${owner}`,
    type: event.type,
    subject: event.subject,
    time: event.time,
    datacontenttype: 'application/json',
    dataschema: `${event.type}/${String(version)}`,
    tenant: event.tenant,
    streamversion: event.streamVersion,
    recordedtime: event.recordedTime,
    correlationid: event.correlationId,
    causationid: event.causationId,
    actor: event.actor,
    data: event.data,
  };
}
