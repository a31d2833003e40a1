import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { openTopics, principalOf, topicsWithOpenCauses } from '@instep/access';

import type { Engine } from './engine.ts';

/** Images beside those of the services: the operator's tool and the lake. */
export const toolImages = ['log', 'lake'] as const;

const lakeFolder = '/var/lib/instep/lake';

/** Both tools in containers of their own, each with the password and the rights of its own user, as in a cluster. Throws when one fails. */
export async function toolsLook(engine: Engine, network: string, files: string, workDir: string): Promise<string> {
  const lake = join(workDir, 'lake');
  mkdirSync(lake, { recursive: true });
  chmodSync(lake, 0o777); // the user of the container is nobody here
  const tool = async (image: (typeof toolImages)[number], user: 'lake' | 'operator', args: readonly string[]): Promise<string> => {
    const environment = {
      KAFKA_BROKERS: 'kafka:9092',
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: principalOf(user),
      KAFKA_SASL_PASSWORD_FILE: '/run/secrets/password',
      LAKE_FOLDER: lakeFolder,
    };
    const closed = [
      '--rm',
      '--pull',
      'never',
      '--network',
      network,
      '--read-only',
      '--cap-drop',
      'ALL',
      '--tmpfs',
      '/tmp',
      '-v',
      `${lake}:${lakeFolder}`,
    ];
    const password = ['-v', `${join(files, 'secrets', `${user}-log-password`)}:/run/secrets/password:ro`];
    const variables = Object.entries(environment).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    return engine.must(['run', ...closed, ...password, ...variables, `localhost/instep/${image}:dev`, ...args]);
  };
  const topics = topicsWithOpenCauses();
  await tool('log', 'operator', ['verify', ...topics.flatMap((name) => ['--topic', name])]);
  const exported = await tool('lake', 'lake', ['export', '--topics', openTopics().join(',')]);
  return `log verify: ${topics.length} topics hold what they must; lake export: ${lastLine(exported).split(';')[0] ?? ''}`;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? '';
}
