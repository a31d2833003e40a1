import { pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

import { asFault } from '../faults.ts';
import { closeCluster, openCluster } from '../kafkajs/open-cluster.ts';
import type { KafkaConnection } from '../settings.ts';
import { errorName, NONE } from '../wire/error-codes.ts';
import { alterCredentials, type ScramCredential } from '../wire/scram-request.ts';

/** Who may log in, and by which password. */
export interface Login {
  readonly principal: string;
  readonly password: string;
}

const derive = promisify(pbkdf2);

/** Brokers take 4096 to 16384. */
const ITERATIONS = 8_192;
const HASH_BYTES = 64;
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * Lets each principal log in by SCRAM-SHA-512 with its password, and by no earlier one. Passwords do not leave this process: the broker gets
 * their salted hashes. Who is logged in stays so. Needs the right to alter the cluster. Rejects with `LogUnavailable` when no broker answers
 * or the broker refuses one, named in the message.
 */
export async function setPasswords(connection: KafkaConnection, logins: readonly Login[]): Promise<void> {
  if (logins.length === 0) return;
  const credentials = await Promise.all(logins.map(salted));
  const cluster = openCluster(connection, REQUEST_TIMEOUT_MS);
  try {
    await cluster.connect();
    await cluster.refreshMetadata();
    const [broker] = Object.values(cluster.brokerPool.brokers);
    if (!broker) throw new Error('the log names no broker');
    const { results } = await broker.connectionPool.send(alterCredentials(credentials));
    const refused = results.filter(({ errorCode }) => errorCode !== NONE);
    const [first] = refused;
    if (first) {
      const others = refused.length > 1 ? ` and ${refused.length - 1} more` : '';
      throw new Error(`the broker refuses that of "${first.principal}"${others} (${errorName(first.errorCode)})`);
    }
  } catch (cause) {
    throw asFault('setting passwords', cause);
  } finally {
    await closeCluster(cluster);
  }
}

async function salted({ principal, password }: Login): Promise<ScramCredential> {
  const salt = randomBytes(32);
  return {
    principal,
    iterations: ITERATIONS,
    salt,
    salted: await derive(password.normalize('NFKC'), salt, ITERATIONS, HASH_BYTES, 'sha512'),
  };
}
