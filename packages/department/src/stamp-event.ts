import type { CloudEvent, EventType, ServiceName } from '@instep/contracts';
import { checkData, encodeEvent, findEvent, recordKey, topics } from '@instep/contracts';
import type { Decided } from '@instep/decider';
import { partitionOfKey } from '@instep/event-log';

import type { IncomingEvent } from './incoming-event.ts';
import type { OutboxEvent } from './store.ts';

/** What caused an event: copied onto it, so that every figure can be followed back. */
export interface Cause {
  readonly tenant: string;
  readonly correlationId: string;
  /** Id of the event, or `request/<key>/<hash>`. */
  readonly causationId: string;
  /** `<topic>/<partition>/<offset>`; absent when a request was the cause. */
  readonly causePosition: string | undefined;
  readonly actor: string;
  readonly traceparent: string | undefined;
  readonly tracestate: string | undefined;
  /** ISO 8601, UTC. */
  readonly time: string;
}

const defaultMaxBytes = 1_000_000;
/** Room for key, headers and the batch around the value. */
const recordOverheadBytes = 1_000;

/**
 * The event's bytes as they go on the wire, and where to. Throws when the event is another service's, breaks its schema or is larger than
 * its topic takes: the outbox never holds what the log would refuse.
 */
export function stampEvent(
  service: ServiceName,
  decided: Decided,
  streamVersion: number,
  cause: Cause,
  id: string,
  recordedTime: string,
): { readonly outbox: OutboxEvent; readonly event: CloudEvent } {
  const definition = findEvent(decided.event.type);
  if (!definition) throw new Error(`no contract names the event "${decided.event.type}"`);
  if (definition.owner !== service) throw new Error(`${service} may not record "${definition.name}": it belongs to ${definition.owner}`);
  if (definition.stream !== decided.stream)
    throw new Error(`"${definition.name}" belongs into a stream "${definition.stream}", not "${decided.stream}"`);
  checkData(definition, decided.event.data);
  const event: CloudEvent = {
    specversion: '1.0',
    id,
    source: `instep/${service}`,
    type: definition.name,
    subject: decided.id,
    time: decided.time ?? cause.time,
    datacontenttype: 'application/json',
    dataschema: `${definition.name}/${String(definition.version)}`,
    tenant: cause.tenant,
    streamversion: streamVersion,
    recordedtime: recordedTime,
    correlationid: cause.correlationId,
    causationid: cause.causationId,
    ...(cause.causePosition === undefined ? {} : { causeposition: cause.causePosition }),
    actor: cause.actor,
    ...(cause.traceparent === undefined ? {} : { traceparent: cause.traceparent }),
    ...(cause.tracestate === undefined ? {} : { tracestate: cause.tracestate }),
    data: decided.event.data,
  };
  const value = encodeEvent(event);
  const topic = topics[definition.topic] as { readonly partitions: number; readonly maxMessageBytes?: number };
  const limit = (topic.maxMessageBytes ?? defaultMaxBytes) - recordOverheadBytes;
  if (value.length * 3 > limit && Buffer.byteLength(value) > limit) {
    throw new Error(`"${definition.name}" of ${decided.id} is larger than its topic takes (${String(limit)} bytes)`);
  }
  const key = recordKey(cause.tenant, decided.id);
  return {
    event,
    outbox: { topic: definition.topic, partition: partitionOfKey(key, topic.partitions), key, type: definition.name, value },
  };
}

/** The same, told to be the last of so many that its cause led to: known only when all of them are there. */
export function lastOfCause(outbox: OutboxEvent, count: number): OutboxEvent {
  return { ...outbox, value: `${outbox.value.slice(0, -1)},"causeend":${String(count)}}` };
}

/** The event as projections and reactions see it. */
export function incoming(event: CloudEvent): IncomingEvent {
  return {
    type: event.type as EventType,
    data: event.data,
    id: event.id,
    tenant: event.tenant,
    subject: event.subject,
    streamVersion: event.streamversion ?? 0,
    time: event.time,
    recordedTime: event.recordedtime,
    correlationId: event.correlationid,
    causationId: event.causationid,
    actor: event.actor,
  } as IncomingEvent;
}
