import type { CloudEvent, ServiceName } from '@instep/contracts';
import type { OutboxEvent } from '@instep/department';

export interface TopicFacts {
  readonly name: string;
  readonly owner: ServiceName;
  readonly partitions: number;
  readonly sequenced: boolean;
}

/** What is otherwise than it was. */
export interface Changes {
  /** Whether this event from outside did not come. */
  removes(event: CloudEvent): boolean;
  /** Events from outside that came as well. */
  readonly added: readonly CloudEvent[];
  topicOf(event: CloudEvent): TopicFacts;
  /** What was asked for instead of this. */
  asked(event: CloudEvent): CloudEvent;
  /** What was recorded instead of this. */
  decided(event: OutboxEvent): OutboxEvent;
}
