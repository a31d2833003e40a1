import { setTimeout as pause } from 'node:timers/promises';

import { departments } from '../../src/departments.ts';
import type { Fault, Scene } from '../run/fault.ts';

const lastsSeconds = { quick: 9, usual: 18, full: 300 } as const;
const stayMs = 1_500;
const leaveWithinMs = 5_000;

/** Strangers join the group of every department, are given partitions, do nothing with them, and leave. */
export const rebalanceStorm: Fault = {
  id: 'rebalances',
  title: 'members join and leave every group every 3 s',
  ground: 'one-broker',
  run: async (scene) => {
    const until = Date.now() + lastsSeconds[scene.extent] * 1_000;
    let joined = 0;
    const storm = async (department: (typeof departments)[number]): Promise<void> => {
      while (Date.now() < until) {
        if (await visit(scene, department)) joined += 1;
        await pause(stayMs);
      }
    };
    await Promise.all(departments.map(storm));
    scene.note(`${String(joined)} visits`);
    if (joined === 0) throw new Error('no stranger was let into a group');
  },
};

async function visit({ company }: Scene, { consumer, topics }: (typeof departments)[number]): Promise<boolean> {
  try {
    const member = await company.log.consume({
      group: consumer,
      topics,
      startAt: async (assigned) => assigned.map((target) => ({ ...target, nextOffset: 0 })),
      onSlice: async ({ records }) => ({ kind: 'pause', nextOffset: records[0]?.offset ?? 0, ms: stayMs }),
      onCrash: () => undefined,
    });
    await pause(stayMs);
    await member.stop(leaveWithinMs);
    return true;
  } catch {
    return false; // thrown out in the middle of joining; there is a next time
  }
}

export const slowConsumer: Fault = {
  id: 'slow-consumer',
  title: 'the database of finance is a hundred times slower',
  ground: 'one-broker',
  run: async (scene) => {
    scene.ground.toDatabase.set({ latencyMs: 250 }, ['finance']);
    await scene.seconds(lastsSeconds[scene.extent]);
    scene.ground.toDatabase.calm();
  },
};

/** What Kafka remembers of our positions is for lag tools only. */
export const offsetsForgotten: Fault = {
  id: 'offsets',
  title: 'Kafka forgets the offsets of every group',
  ground: 'one-broker',
  run: async (scene) => {
    for (const { service, consumer } of departments) {
      await scene.supervisor.takeDown(service, 'SIGTERM');
      await scene.ground.cluster.deleteGroup(consumer);
      await scene.supervisor.restart(service);
      await scene.company.system.service(service).ready();
    }
  },
};
