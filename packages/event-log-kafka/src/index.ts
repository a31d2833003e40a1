export { kafkaLog } from './kafka-log.ts';
export type { KafkaConnection, KafkaLogger, KafkaLogSettings } from './settings.ts';
export { createTopics } from './topics/create-topics.ts';
export type { TopicDefinition, TopicOptions } from './topics/topic-definition.ts';
export { TopicsUnfit, verifyTopics } from './topics/verify-topics.ts';
