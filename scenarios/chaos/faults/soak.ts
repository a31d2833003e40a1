import { serviceNames } from '@instep/contracts';

import type { Fault, Scene } from '../run/fault.ts';

type Mishap = (scene: Scene) => Promise<void>;

const mishaps: readonly Mishap[] = [
  async (scene) => {
    const name = serviceNames[Math.floor(scene.random() * serviceNames.length)] ?? 'finance';
    if (scene.company.system.service(name).running) await scene.supervisor.kill(name);
  },
  async ({ ground, seconds }) => {
    for (const proxy of ground.toBrokers) proxy.set({ blackHole: 'both' });
    await seconds(3);
  },
  async ({ ground, seconds }) => {
    ground.toDatabase.set({ blackHole: 'to-client' });
    await seconds(3);
  },
  async ({ ground, toEdge, seconds }) => {
    for (const proxy of ground.toBrokers) proxy.set({ answersDropped: 0.01 });
    ground.toDatabase.set({ answersDropped: 0.02 });
    toEdge.set({ answersDropped: 0.1 });
    await seconds(5);
  },
  async ({ ground, seconds }) => {
    for (const proxy of [...ground.toBrokers, ground.toDatabase]) proxy.set({ latencyMs: 100, jitterMs: 80 });
    await seconds(5);
  },
  async ({ ground, seconds }) => {
    await ground.database.kill();
    await seconds(1);
    await ground.database.start();
  },
  async ({ ground, seconds }) => {
    const [node] = ground.cluster.nodes;
    node?.pause();
    await seconds(3);
    node?.resume();
  },
];

const mostCalmSeconds = 8;

/** One thing after the other, with calm between them, for as long as was asked for. */
export const soak: Fault = {
  id: 'soak',
  title: 'all of it mixed, with calm phases',
  ground: 'one-broker',
  run: async (scene) => {
    const until = Date.now() + scene.soakMinutes * 60_000;
    let happened = 0;
    while (Date.now() < until) {
      await mishaps[Math.floor(scene.random() * mishaps.length)]?.(scene);
      for (const proxy of [...scene.ground.toBrokers, scene.ground.toDatabase, scene.toEdge]) proxy.calm();
      happened += 1;
      await scene.seconds(2 + scene.random() * (mostCalmSeconds - 2));
    }
    scene.note(`${String(happened)} mishaps`);
  },
};
