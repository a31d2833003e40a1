import { decodeEvent } from '@instep/contracts';
import type { LogRecord, TopicPartition } from '@instep/event-log';

import { summaryOf } from './summary.ts';

/** One event of a story, without its data. */
export interface StoryEvent extends TopicPartition {
  readonly offset: number;
  readonly id: string;
  readonly type: string;
  readonly tenant: string;
  /** Id of the stream that it was recorded in. */
  readonly subject: string;
  readonly version: number | undefined;
  /** When it happened and when it was recorded. ISO 8601, UTC. */
  readonly time: string;
  readonly recordedTime: string;
  /** From the recording of its cause to its own, in milliseconds; undefined when its cause is not in the story. */
  readonly lagMs: number | undefined;
  readonly who: string;
  readonly correlationId: string;
  /** Id of the event, or `request/<key>/<hash>`, that caused it, and where it lies. */
  readonly causationId: string;
  readonly causePosition: string | undefined;
  /** One line, without personal data. Why it cannot be read when it cannot. */
  readonly summary: string;
  readonly readable: boolean;
}

export function storyEvent(record: LogRecord): Omit<StoryEvent, 'lagMs'> {
  const { topic, partition, offset, key } = record;
  const place = { topic, partition, offset };
  try {
    const event = decodeEvent(record.value);
    return {
      ...place,
      id: event.id,
      type: event.type,
      tenant: event.tenant,
      subject: event.subject,
      version: event.streamversion,
      time: event.time,
      recordedTime: event.recordedtime,
      who: event.actor,
      correlationId: event.correlationid,
      causationId: event.causationid,
      causePosition: event.causeposition,
      summary: summaryOf(event),
      readable: true,
    };
  } catch (error) {
    const sent = new Date(record.timestamp).toISOString();
    const slash = key.indexOf('/');
    return {
      ...place,
      id: placeOf(place),
      type: record.type ?? '?',
      tenant: key.slice(0, Math.max(0, slash)),
      subject: key.slice(slash + 1),
      version: undefined,
      time: sent,
      recordedTime: sent,
      who: '?',
      correlationId: placeOf(place),
      causationId: '',
      causePosition: undefined,
      summary: `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      readable: false,
    };
  }
}

export function placeOf({ topic, partition, offset }: TopicPartition & { readonly offset: number }): string {
  return `${topic}/${String(partition)}/${String(offset)}`;
}
