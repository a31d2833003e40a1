import type { ServiceName } from '@instep/contracts';
import pg from 'pg';

import type { Fault, Scene } from '../run/fault.ts';

const detectedWithinSeconds = 60;
const readers = ['order-intake', 'finance'] as const satisfies readonly ServiceName[];

/** History is gone, and no promise can be kept any more: those who read it must notice and say so, not begin a new one. */
export const topicDeleted: Fault = {
  id: 'topic-deleted',
  title: 'the topic inventory is deleted',
  ground: 'one-broker',
  run: async (scene) => {
    await scene.ground.cluster.deleteTopic('inventory');
    await scene.until('a reader of the topic to say so', async () => (await saying(scene)).length > 0, detectedWithinSeconds);
  },
  destroys: async (scene) => {
    const applied = await positionsOf(scene);
    for (const name of readers) await scene.supervisor.restart(name);
    await scene.seconds(15);
    const said = await saying(scene);
    const silent = readers.filter((name) => !said.includes(name));
    const moved = (await positionsOf(scene)) !== applied;
    return [
      ...silent.map((name) => `${name} reads a topic that was deleted and says nothing`),
      ...(moved ? ['positions in the deleted topic moved: a new history was taken for the old one'] : []),
    ];
  },
};

/** Not ready, troubled, or ended with a last word. */
async function saying({ company }: Scene): Promise<readonly ServiceName[]> {
  const states = await Promise.all(
    readers.map(async (name) => {
      if (!company.system.service(name).running) return [name];
      const answer = await company.get<{ troubles?: readonly string[] }>(name, '/health/ready').catch(() => undefined);
      const troubled = answer === undefined || answer.status !== 200 || (answer.body.troubles ?? []).length > 0;
      return troubled ? [name] : [];
    }),
  );
  return states.flat();
}

async function positionsOf({ company }: Scene): Promise<string> {
  const all = await Promise.all(
    readers.map((name) =>
      company.query(name, `SELECT partition, next_offset::text FROM position WHERE topic = 'inventory' ORDER BY partition`),
    ),
  );
  return JSON.stringify(all);
}

const livedOnSeconds = 8;

/** From a backup: everything after it is unknown to the database, but not to the log. */
function restored(service: ServiceName): Fault {
  return {
    id: `restored-${service}`,
    title: `the database of ${service} is restored to an earlier time`,
    ground: 'one-broker',
    rebuild: service,
    run: async (scene) => {
      const database = new URL(scene.company.system.databaseOf(service)).pathname.slice(1);
      const backup = `${database}_backup`;
      await stoppedMeanwhile(scene, service, database, async (server) => {
        await server.query(`CREATE DATABASE ${backup} TEMPLATE ${database}`);
      });
      await scene.company.system.service(service).ready();
      await scene.seconds(livedOnSeconds);
      await stoppedMeanwhile(scene, service, database, async (server) => {
        await server.query(`DROP DATABASE ${database} WITH (FORCE)`);
        await server.query(`ALTER DATABASE ${backup} RENAME TO ${database}`);
      });
      await scene.company.system.service(service).ready();
    },
  };
}

export const ordersRestored = restored('order-intake');
export const ledgerRestored = restored('finance');

async function stoppedMeanwhile(
  scene: Scene,
  service: ServiceName,
  database: string,
  work: (server: pg.Client) => Promise<void>,
): Promise<void> {
  await scene.supervisor.takeDown(service, 'SIGTERM');
  const server = new pg.Client({ connectionString: scene.ground.directly(scene.ground.platform.databaseUrl) });
  await server.connect();
  try {
    await server.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [database]);
    await work(server);
  } finally {
    await server.end();
  }
  await scene.supervisor.restart(service);
}
