import type { KafkaConnection } from '../src/index.ts';

/** The broker that integration specs run on. */
export function givenBroker(): KafkaConnection {
  const brokers = process.env['KAFKA_BROKERS'];
  if (!brokers) throw new Error('KAFKA_BROKERS is not set: this spec needs a Kafka broker, e.g. KAFKA_BROKERS=127.0.0.1:9092');
  return { brokers: brokers.split(','), clientId: 'event-log-kafka-test' };
}
