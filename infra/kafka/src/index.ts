export { findJava, type Java } from './java.ts';
export { pomFile } from './pom.ts';
export { prepareKafka, type KafkaToolchain } from './prepare-kafka.ts';
export { classPathOf, resolveJars, type JarsOptions } from './resolve-jars.ts';
export { startKafka, type Kafka, type KafkaOptions } from './start-kafka.ts';
export type { KafkaNode } from './cluster/kafka-node.ts';
export { startKafkaCluster, type KafkaCluster, type KafkaClusterOptions } from './cluster/start-kafka-cluster.ts';
export type { PartitionState } from './cluster/questions.ts';
export { startSecureKafka, type Credentials, type SecureKafka, type SecureKafkaOptions } from './secure/start-secure-kafka.ts';
