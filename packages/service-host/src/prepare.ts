import { topics } from '@instep/contracts';
import { createTopics, grantRights, setPasswords } from '@instep/event-log-kafka';
import type { Logger } from '@instep/telemetry';

import { readAccessFile } from './access-file.ts';
import type { ReadEnvironment } from './config.ts';
import { kafkaConnection, openGround } from './open-ground.ts';
import { departmentOf, type ServiceDefinition } from './service-definition.ts';
import type { Settings } from './settings.ts';

/** For a job that runs before the pods of a new version: the same migrations under the same lock, and nothing else. */
export async function migrateOnly<S extends Settings>(
  service: ServiceDefinition<S>,
  { config, settings }: ReadEnvironment<S>,
  logger: Logger,
): Promise<void> {
  const ground = openGround(service, departmentOf(service, settings), { ...config, migrateAtStart: true }, logger);
  await ground.prepareDatabase();
  await ground.closeDatabase();
  await ground.closeLog();
  logger.info('the database is up to date');
}

/** For a job that runs before the services, with rights that they need not have then: the topics of all of them, from the contracts. */
export async function topicsOnly<S extends Settings>(
  service: ServiceDefinition<S>,
  { config }: ReadEnvironment<S>,
  logger: Logger,
): Promise<void> {
  const connection = kafkaConnection(service.name, config, logger);
  const made = await createTopics(connection, Object.values(topics), { replicationFactor: config.topicReplication });
  logger.info({ made }, 'every topic is there');
}

/** For a job of the same kind: whom the broker lets in by which password, and with exactly which rights, as a file says (`readAccessFile`). */
export async function accessOnly<S extends Settings>(
  service: ServiceDefinition<S>,
  { config }: ReadEnvironment<S>,
  logger: Logger,
): Promise<void> {
  const { logins, rights } = readAccessFile(process.argv[3]);
  const connection = kafkaConnection(service.name, config, logger);
  await setPasswords(connection, logins);
  const { granted, taken } = await grantRights(connection, rights);
  logger.info(
    { principals: logins.map(({ principal }) => principal), granted: granted.length, taken },
    'everybody has exactly these rights',
  );
}
