import type { Weather } from '../proxy/weather.ts';
import type { TcpProxy } from '../proxy/tcp-proxy.ts';
import type { Fault, Scene } from '../run/fault.ts';

const lastsSeconds = { quick: 8, usual: 12, full: 60 } as const;

async function under(scene: Scene, proxies: readonly TcpProxy[], weather: Weather, owners?: readonly string[]): Promise<void> {
  for (const proxy of proxies) proxy.set(weather, owners);
  await scene.seconds(lastsSeconds[scene.extent]);
  for (const proxy of proxies) proxy.calm();
}

export const cutFromBroker: Fault = {
  id: 'partition-broker',
  title: 'all services cut off from the broker',
  ground: 'one-broker',
  run: (scene) => under(scene, scene.ground.toBrokers, { blackHole: 'both' }),
};

/** Requests arrive, answers do not: what was asked for is done, and nobody knows. */
export const oneWayFromBroker: Fault = {
  id: 'one-way-broker',
  title: 'finance and order-intake hear nothing from the broker',
  ground: 'one-broker',
  run: (scene) => under(scene, scene.ground.toBrokers, { blackHole: 'to-client' }, ['finance', 'order-intake']),
};

export const cutFromDatabase: Fault = {
  id: 'partition-database',
  title: 'all services cut off from the database',
  ground: 'one-broker',
  run: (scene) => under(scene, [scene.ground.toDatabase], { blackHole: 'both' }),
};

export const oneWayFromDatabase: Fault = {
  id: 'one-way-database',
  title: 'inventory hears nothing from its database',
  ground: 'one-broker',
  run: (scene) => under(scene, [scene.ground.toDatabase], { blackHole: 'to-client' }, ['inventory']),
};

export const slowNetwork: Fault = {
  id: 'latency',
  title: '200 ± 100 ms each way to broker and database',
  ground: 'one-broker',
  run: (scene) => under(scene, [...scene.ground.toBrokers, scene.ground.toDatabase], { latencyMs: 200, jitterMs: 100 }),
};

export const thinNetwork: Fault = {
  id: 'bandwidth',
  title: '256 kbit/s on each connection to the broker',
  ground: 'one-broker',
  run: (scene) => under(scene, scene.ground.toBrokers, { bytesPerSecond: 32_000 }),
};

/** The work was done, its answer is lost: whoever asks again must not do it twice. */
export const answersDropped: Fault = {
  id: 'dropped-answers',
  title: 'answers of broker, database and edge thrown away',
  ground: 'one-broker',
  run: async (scene) => {
    const { toBrokers, toDatabase } = scene.ground;
    const all = [...toBrokers, toDatabase, scene.toEdge];
    const before = all.map(({ counts }) => counts.answersDropped);
    for (const proxy of toBrokers) proxy.set({ answersDropped: 0.005 });
    toDatabase.set({ answersDropped: 0.02 });
    scene.toEdge.set({ answersDropped: 0.1 });
    await scene.seconds(lastsSeconds[scene.extent] * 2);
    for (const proxy of all) proxy.calm();
    const dropped = all.reduce((sum, { counts }, at) => sum + counts.answersDropped - (before[at] ?? 0), 0);
    scene.note(`${String(dropped)} answers thrown away`);
    if (dropped === 0) throw new Error('no answer was thrown away');
  },
};

export const connectionsReset: Fault = {
  id: 'resets',
  title: 'every connection reset, again and again',
  ground: 'one-broker',
  run: async (scene) => {
    for (let passed = 0; passed < lastsSeconds[scene.extent]; passed += 2) {
      for (const proxy of [...scene.ground.toBrokers, scene.ground.toDatabase]) proxy.set({ reset: true });
      await scene.seconds(0.5);
      for (const proxy of [...scene.ground.toBrokers, scene.ground.toDatabase]) proxy.calm();
      await scene.seconds(1.5);
    }
  },
};
