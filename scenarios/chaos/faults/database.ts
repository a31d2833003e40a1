import { serviceNames } from '@instep/contracts';
import pg from 'pg';

import { whyNoSmallDisk } from '../ground/small-disk.ts';
import type { Fault } from '../run/fault.ts';

const fullSeconds = 8;
const holdSeconds = 12;

export const databaseKilled: Fault = {
  id: 'database',
  title: 'kill -9 of the database, twice',
  ground: 'one-broker',
  run: async (scene) => {
    for (const downSeconds of [3, 6]) {
      await scene.ground.database.kill();
      await scene.seconds(downSeconds);
      await scene.ground.database.start();
      await scene.seconds(3);
    }
  },
};

export const databaseFrozen: Fault = {
  id: 'frozen-database',
  title: 'the database is frozen for 10 s',
  ground: 'one-broker',
  run: async (scene) => {
    scene.ground.database.freeze();
    await scene.seconds(10);
    scene.ground.database.thaw();
  },
};

/** Somebody forgot a transaction that holds the position of every partition, and takes all connections that are left. */
export const databaseCrowded: Fault = {
  id: 'crowded-database',
  title: 'a forgotten transaction holds all positions, no connections left',
  ground: 'one-broker',
  run: async (scene) => {
    const held: pg.Client[] = [];
    const open = async (database: string): Promise<pg.Client> => {
      const client = new pg.Client({ connectionString: scene.ground.directly(database), connectionTimeoutMillis: 5_000 });
      client.on('error', () => undefined);
      await client.connect();
      held.push(client);
      return client;
    };
    try {
      for (const name of serviceNames) {
        const client = await open(scene.company.system.databaseOf(name));
        await client.query('BEGIN; SELECT 1 FROM position FOR UPDATE; SELECT 1 FROM relay FOR UPDATE');
      }
      for (let taken = 0; ; taken += 1) {
        const refused = await open(scene.company.system.databaseOf('finance')).then(
          () => false,
          () => true,
        );
        if (!refused) continue;
        scene.note(`${String(taken)} connections taken`);
        break;
      }
      await scene.seconds(holdSeconds);
    } finally {
      await Promise.all(held.map((client) => client.end().catch(() => undefined)));
    }
  },
};

export const databaseDiskFull: Fault = {
  id: 'database-disk',
  title: 'the disk of the database is full',
  ground: 'small-disks',
  missing: whyNoSmallDisk,
  run: async (scene) => {
    const { database, disks } = scene.ground;
    disks?.database.fill();
    await scene.seconds(fullSeconds);
    scene.note(database.running ? 'it went on refusing' : 'it ended by itself');
    disks?.database.free();
    // A server that could not write its journal has ended rather than lie; whoever runs it starts it again.
    await scene.seconds(2);
    await database.start();
  },
};

export const brokerDiskFull: Fault = {
  id: 'broker-disk',
  title: 'the disk of the broker is full',
  ground: 'small-disks',
  missing: whyNoSmallDisk,
  run: async (scene) => {
    const { cluster, disks } = scene.ground;
    const [node] = cluster.nodes;
    if (!node) throw new Error('there is no broker');
    disks?.broker.fill();
    await scene.seconds(fullSeconds);
    scene.note(node.running ? 'it went on refusing' : 'it ended by itself');
    disks?.broker.free();
    if (node.running) await node.kill();
    await node.start();
  },
};
