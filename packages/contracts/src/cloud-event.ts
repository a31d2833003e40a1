/** An event as it lies in the log: one CloudEvents 1.0 document in structured mode, attribute names as the standard wants them. */
export interface CloudEvent<Data = unknown> {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** Stream id. */
  readonly subject: string;
  /** When it happened. ISO 8601, UTC. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  /** `<name>/<version>`. */
  readonly dataschema: string;
  readonly tenant: string;
  /** Version of the stream after this event: 1, 2, 3 … Absent on raw records. */
  readonly streamversion?: number;
  /** When it was recorded: the second clock of every as-of question. */
  readonly recordedtime: string;
  readonly correlationid: string;
  /** Id of the event, or `request/<idempotency key>/<hash of the request>`, that caused this one. */
  readonly causationid: string;
  /** `<topic>/<partition>/<offset>` of the input that caused it; absent when a request did. */
  readonly causeposition?: string;
  /** On the last event that this input led to in its department: how many they are. Whoever has as many knows that there is no more. */
  readonly causeend?: number;
  readonly actor: string;
  readonly traceparent?: string;
  readonly tracestate?: string;
  readonly data: Data;
}

/** Key of a record: keeps the events of one stream of one tenant in one partition, in order. */
export function recordKey(tenant: string, streamId: string): string {
  return `${tenant}/${streamId}`;
}

export function encodeEvent(event: CloudEvent): string {
  return JSON.stringify(event);
}
