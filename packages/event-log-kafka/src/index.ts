export { kafkaLog } from './kafka-log.ts';
export type { KafkaConnection, KafkaLogger, KafkaLogSettings } from './settings.ts';
export { describeLog, type BrokerState, type LogState, type TopicState } from './topics/describe-log.ts';
export { createTopics } from './topics/create-topics.ts';
export { configOf as topicConfig, type BrokerTopic, type TopicOptions } from './topics/broker-topic.ts';
export { changesOf, TopicsUnfit, verifyTopics } from './topics/verify-topics.ts';
export { grantRights, rightsAtBroker } from './rights/grant-rights.ts';
export { lineOf, type BrokerRight } from './rights/rights.ts';
export { setPasswords, type Login } from './rights/set-passwords.ts';
