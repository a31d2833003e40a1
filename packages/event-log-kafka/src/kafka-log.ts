import { LogUnavailable, partitionOfKey, RecordTooLarge, UnknownTopic, type EventLog, type NewRecord } from '@instep/event-log';
import { openProducerSession } from './append/producer-session.ts';
import { StrictProducer } from './append/strict-producer.ts';
import { KafkaConsumption } from './consume/kafka-consumption.ts';
import { Reader } from './reader.ts';
import { silent, type KafkaLogSettings } from './settings.ts';
import { BATCH_OVERHEAD, sizeInBatch } from './wire/record-batch.ts';

const DEFAULT_APPEND_TIMEOUT_MS = 15_000;
const CLOSE_DEADLINE_MS = 10_000;

/**
 * The event log on Apache Kafka 2.3 or newer. Connects when first used. Topics must exist (`createTopics`).
 * Costs: one connection for appending, one or two for questions and reading, and for each consumption two per broker.
 */
export function kafkaLog(settings: KafkaLogSettings): EventLog {
  const logger = settings.logger ?? silent;
  const appendTimeoutMs = settings.appendTimeoutMs ?? DEFAULT_APPEND_TIMEOUT_MS;
  const producer = new StrictProducer({ logger, open: () => openProducerSession(settings, appendTimeoutMs) });
  const reader = new Reader(settings);
  const consumptions = new Set<KafkaConsumption>();
  let closed = false;

  return {
    async append(target, records) {
      if (records.length === 0) throw new RangeError('append takes at least one record');
      const { partitions, mostBytes } = await reader.facts(target.topic);
      if (target.partition < 0 || target.partition >= partitions) {
        throw new UnknownTopic(`topic ${target.topic} has no partition ${target.partition}`);
      }
      for (const record of records) refuseTooLarge(record, target.topic, mostBytes);
      return producer.append(target, records, mostBytes);
    },

    async partitionFor(topic, key) {
      return partitionOfKey(key, (await reader.facts(topic)).partitions);
    },

    bounds: (topic) => reader.bounds(topic),

    read: (target, from, to) => reader.read(target, from, to),

    async consume(subscription) {
      if (closed) throw new LogUnavailable('the log is closed');
      return KafkaConsumption.join(subscription, settings, consumptions);
    },

    async close() {
      closed = true;
      await Promise.all([...consumptions].map((consumption) => consumption.stop(CLOSE_DEADLINE_MS)));
      await Promise.all([producer.close(), reader.close()]);
    },
  };
}

function refuseTooLarge(record: NewRecord, topic: string, mostBytes: number): void {
  const bytes = BATCH_OVERHEAD + sizeInBatch(record);
  if (bytes > mostBytes) throw new RecordTooLarge(`a record of ${bytes} bytes for ${topic}; the topic takes ${mostBytes}`);
}
