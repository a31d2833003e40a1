import { describeEventLog } from '@instep/event-log/conformance';
import { createTopics, kafkaLog } from '../src/index.ts';
import { givenBroker } from './given-broker.ts';

describeEventLog('the log on Kafka', async (topics) => {
  const connection = givenBroker();
  await createTopics(connection, topics, { replicationFactor: 1 });
  return kafkaLog(connection);
});
