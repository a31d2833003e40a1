/**
 * Names used in spans, logs and metrics, in one place. Those of messaging follow the OpenTelemetry semantic conventions for messaging,
 * version 1.44 (status: development): check them again when that is raised.
 */
export const attributes = {
  messagingSystem: 'messaging.system',
  messagingOperationName: 'messaging.operation.name',
  messagingOperationType: 'messaging.operation.type',
  destinationName: 'messaging.destination.name',
  destinationPartition: 'messaging.destination.partition.id',
  consumerGroup: 'messaging.consumer.group.name',
  batchMessageCount: 'messaging.batch.message_count',
  kafkaOffset: 'messaging.kafka.offset',
  httpRoute: 'http.route',
  httpRequestMethod: 'http.request.method',
  httpResponseStatus: 'http.response.status_code',
  errorType: 'error.type',
  tenant: 'instep.tenant',
  stream: 'instep.stream',
  streamId: 'instep.stream.id',
  eventType: 'instep.event.type',
  eventId: 'instep.event.id',
  command: 'instep.command',
  eventsRecorded: 'instep.events.recorded',
  /** Milliseconds that the record had lain in the log. */
  waitedMs: 'instep.waited_ms',
} as const;

export type AttributeName = (typeof attributes)[keyof typeof attributes];

export type Attributes = { readonly [Name in AttributeName]?: string | number | boolean };

/** Value of `messaging.system`. */
export const messagingSystem = 'kafka';
