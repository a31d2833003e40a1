import { LogUnavailable, UnknownTopic } from '@instep/event-log';
import type { Admin } from 'kafkajs';
import { asFault } from '../faults.ts';
import { kafkajs } from '../kafkajs/internals.ts';
import { logTo } from '../kafkajs/open-cluster.ts';
import { silent, type KafkaConnection } from '../settings.ts';

/** Explicit, since kafkajs has other defaults under NODE_ENV=test. */
const RETRY = { initialRetryTime: 200, maxRetryTime: 2_000, retries: 5 };

export async function withAdmin<T>(connection: KafkaConnection, use: (admin: Admin) => Promise<T>): Promise<T> {
  const { brokers, clientId, ssl, sasl } = connection;
  const kafka = new kafkajs.Kafka({
    brokers: [...brokers],
    clientId,
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl }),
    connectionTimeout: 3_000,
    requestTimeout: 30_000,
    enforceRequestTimeout: true,
    logLevel: kafkajs.logLevel.WARN,
    logCreator: logTo(connection.logger ?? silent),
    retry: RETRY,
  });
  const admin = kafka.admin({ retry: RETRY });
  try {
    await admin.connect();
  } catch (cause) {
    await admin.disconnect().catch(() => {});
    throw asFault('connecting to the log', cause);
  }
  try {
    return await use(admin);
  } catch (cause) {
    // The connection may break after it was made, and a broker may not know yet what another has just made: whoever waits for the log must
    // not take that for the end.
    const fault = asFault('asking the log about its topics', cause);
    throw fault instanceof UnknownTopic ? new LogUnavailable(fault.message, { cause: fault }) : fault;
  } finally {
    await admin.disconnect().catch(() => {});
  }
}
