/** What other processes than services need to be configured the same way: no Nest, no database. */
export { connectionOf, kafkaSettings, readKafka, type KafkaConfig } from './kafka-settings.ts';
export type { Environment } from './settings.ts';
