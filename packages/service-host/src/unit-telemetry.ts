import type { AppliedRecord, UnitObserver } from '@instep/department';
import { attributes, isSampled, isTracing, messagingSystem, receivedAt, recordSpan, type Metrics } from '@instep/telemetry';

export interface UnitTelemetryParts {
  readonly consumer: string;
  readonly metrics: Metrics;
}

/** More links than this in one span help nobody and cost memory at the collector. */
const MOST_LINKS = 64;
const MS = 1_000;

/**
 * What each unit of work did, as figures (always) and as spans (while they are exported): one span for the unit, linked to the sampled
 * traces that it served, and in each of those traces one span for the record applied. Unsampled records cost a histogram and no more.
 */
export function unitTelemetry({ consumer, metrics }: UnitTelemetryParts): UnitObserver {
  function spansOf(startedAt: number, endedAt: number, applied: readonly AppliedRecord[], recorded: number): void {
    const sampled = applied.filter(({ traceparent }) => traceparent !== undefined && isSampled(traceparent));
    const unit = recordSpan({
      name: `apply ${consumer}`,
      kind: 'internal',
      parent: undefined,
      startedAt,
      endedAt,
      links: sampled.slice(0, MOST_LINKS).map(({ traceparent }) => traceparent),
      attributes: { [attributes.batchMessageCount]: applied.length, [attributes.eventsRecorded]: recorded },
    });
    for (const record of sampled) recordSpan(spanOf(record, startedAt, endedAt, unit));
  }

  function spanOf(record: AppliedRecord, startedAt: number, endedAt: number, unit: string | undefined): Parameters<typeof recordSpan>[0] {
    const { topic, partition, offset, type, eventId, tenant, streamId, traceparent, appliedAs, timestamp } = record;
    return {
      name: `process ${topic}`,
      kind: 'consumer',
      parent: traceparent,
      ...(appliedAs !== undefined && { traceparent: appliedAs }),
      startedAt,
      endedAt,
      links: [unit],
      attributes: {
        [attributes.messagingSystem]: messagingSystem,
        [attributes.messagingOperationName]: 'process',
        [attributes.messagingOperationType]: 'process',
        [attributes.destinationName]: topic,
        [attributes.destinationPartition]: String(partition),
        [attributes.consumerGroup]: consumer,
        [attributes.kafkaOffset]: offset,
        [attributes.eventType]: type,
        [attributes.eventId]: eventId,
        [attributes.tenant]: tenant,
        [attributes.streamId]: streamId,
        [attributes.waitedMs]: Math.max(0, startedAt - timestamp),
      },
    };
  }

  return {
    unit: ({ startedAt, endedAt, applied, requests, recorded }) => {
      metrics.observeUnit({
        seconds: (endedAt - startedAt) / MS,
        records: applied.length + requests,
        sinceReceived: applied.flatMap(({ topic, tracestate }) => {
          const at = receivedAt(tracestate);
          return at === undefined ? [] : [{ topic, seconds: Math.max(0, endedAt - at) / MS }];
        }),
      });
      if (isTracing() && applied.length > 0) spansOf(startedAt, endedAt, applied, recorded);
    },
  };
}
