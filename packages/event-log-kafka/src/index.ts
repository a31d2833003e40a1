export { kafkaLog } from './kafka-log.ts';
export type { KafkaConnection, KafkaLogger, KafkaLogSettings } from './settings.ts';
export { createTopics } from './topics/create-topics.ts';
export type { BrokerTopic, TopicOptions } from './topics/broker-topic.ts';
export { TopicsUnfit, verifyTopics } from './topics/verify-topics.ts';
