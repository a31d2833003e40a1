export { findJava, type Java } from './java.ts';
export { pomFile } from './pom.ts';
export { prepareKafka, type KafkaToolchain } from './prepare-kafka.ts';
export { classPathOf, resolveJars, type JarsOptions } from './resolve-jars.ts';
export { startKafka, type Kafka, type KafkaOptions } from './start-kafka.ts';
