import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@instep/local-process';
import { javaArguments, startBroker } from '../broker-process.ts';
import { logging, serverProperties } from '../broker-settings.ts';
import { newKafkaId } from '../kafka-id.ts';
import { pomFile } from '../pom.ts';
import { prepareKafka } from '../prepare-kafka.ts';
import type { Kafka } from '../start-kafka.ts';
import { makeKeyStore, makeTrustStore } from './key-store.ts';

const run = promisify(execFile);
const startDeadlineMs = 60_000;
const stopGraceMs = 15_000;
const administrator = 'admin';

export type SecureKafkaOptions = {
  /** Must be new: principals are made when storage is formatted. */
  readonly dataDir: string;
  readonly jarsDir: string;
  readonly logFile: string;
  /** Who may log in, by name; what each may do is granted afterwards (`grantRights`). */
  readonly principals: readonly string[];
  readonly onStep?: (line: string) => void;
};

export type SecureKafka = Kafka & {
  /** PEM, for clients. */
  readonly certificate: string;
  readonly certificateFile: string;
  readonly administrator: Credentials;
  credentialsOf(principal: string): Credentials;
};

export type Credentials = { readonly username: string; readonly password: string };

/**
 * One broker as a platform team runs it: passwords (SCRAM-SHA-512) over TLS, and nothing allowed that was not granted. Certificate and
 * passwords are new each time. Errors: as `startKafka`.
 */
export async function startSecureKafka(options: SecureKafkaOptions): Promise<SecureKafka> {
  const { dataDir, jarsDir, logFile, principals } = options;
  const { java, classArchive } = await prepareKafka({ jarsDir, pom: pomFile, ...(options.onStep && { onStep: options.onStep }) });
  if (existsSync(dataDir)) throw new Error(`a secure broker needs a new folder, and ${dataDir} is there already`);
  mkdirSync(dataDir, { recursive: true });
  const password = (): string => randomBytes(18).toString('base64url');
  const credentials = new Map(['broker', administrator, ...principals].map((username) => [username, { username, password: password() }]));
  const of = (username: string): Credentials => {
    const found = credentials.get(username);
    if (!found) throw new Error(`no principal ${username} was asked for`);
    return found;
  };

  const keyStore = await makeKeyStore(java, join(dataDir, 'broker.p12'), password());
  const certificateFile = join(dataDir, 'broker.pem');
  writeFileSync(certificateFile, keyStore.certificate);
  const trustStoreFile = join(dataDir, 'trusted.p12');
  await makeTrustStore(java, keyStore, certificateFile, trustStoreFile);

  const [port, controllerPort] = [await freePort(), await freePort()];
  const properties = join(dataDir, 'server.properties');
  const security = {
    keyStoreFile: keyStore.file,
    trustStoreFile,
    storePassword: keyStore.password,
    administrator,
    brokerPassword: of('broker').password,
  };
  writeFileSync(properties, serverProperties({ port, controllerPort, logDir: join(dataDir, 'storage'), security }), { mode: 0o600 });
  const loggingFile = join(dataDir, 'log4j2.properties');
  writeFileSync(loggingFile, logging);
  const jvm = { java, jarsDir, loggingFile };
  const scram = [...credentials.values()].flatMap((each) => [
    '--add-scram',
    `SCRAM-SHA-512=[name=${each.username},password=${each.password}]`,
  ]);
  const format = ['format', '--standalone', '-t', newKafkaId(), '-c', properties, ...scram];
  await run(java.command, javaArguments(jvm, 'kafka.tools.StorageTool', format));

  const broker = await startBroker({
    jvm,
    options: ['-Xms64m', '-Xmx384m', `-XX:SharedArchiveFile=${classArchive}`, '-XX:TieredStopAtLevel=1'],
    properties,
    port,
    logFile,
    deadlineMs: startDeadlineMs,
  });
  return {
    brokers: `127.0.0.1:${port}`,
    pid: broker.pid,
    exited: broker.exited,
    stop: async () => {
      await broker.stop(stopGraceMs);
    },
    certificate: keyStore.certificate,
    certificateFile,
    administrator: of(administrator),
    credentialsOf: of,
  };
}
