import { serviceNames } from '@instep/contracts';
import type { KafkaNode } from '@instep/embedded-kafka';

import type { Fault, Scene } from '../run/fault.ts';

const downSeconds = 10;
const wholeWithinMs = 90_000;

async function away(scene: Scene, node: KafkaNode): Promise<void> {
  await node.kill();
  await scene.seconds(downSeconds);
  await node.start();
  await scene.ground.cluster.whole(wholeWithinMs);
}

export const leaderKilled: Fault = {
  id: 'broker',
  title: 'kill -9 of the broker that leads raw.shopify/0',
  ground: 'three-brokers',
  run: async (scene) => away(scene, await scene.ground.cluster.leaderOf('raw.shopify', 0)),
};

export const controllerKilled: Fault = {
  id: 'controller',
  title: 'kill -9 of the active controller',
  ground: 'three-brokers',
  run: async (scene) => away(scene, await scene.ground.cluster.controller()),
};

/** A broker that stands still is worse than one that is gone: connections stay open. */
export const brokerFrozen: Fault = {
  id: 'frozen-broker',
  title: 'the leader of orders/0 is frozen',
  ground: 'three-brokers',
  run: async (scene) => {
    const node = await scene.ground.cluster.leaderOf('orders', 0);
    node.pause();
    await scene.seconds(downSeconds);
    node.resume();
    await scene.ground.cluster.whole(wholeWithinMs);
  },
};

/** What one broker alone took would be lost with it, so nothing may be acknowledged. */
export const twoBrokersKilled: Fault = {
  id: 'two-brokers',
  title: 'kill -9 of two brokers of three',
  ground: 'three-brokers',
  run: async (scene) => {
    const { cluster } = scene.ground;
    const [one, two] = cluster.nodes;
    if (!one || !two) throw new Error('there are no two brokers');
    await Promise.all([one.kill(), two.kill()]);
    // What was on its way when they died may still be answered.
    await scene.seconds(2);
    const before = scene.load.counts.delivered;
    await scene.seconds(downSeconds);
    const meanwhile = scene.load.counts.delivered - before;
    await Promise.all([one.start(), two.start()]);
    await cluster.whole(wholeWithinMs);
    scene.note(`${String(meanwhile)} acknowledged meanwhile`);
    if (meanwhile > 0) throw new Error(`${String(meanwhile)} webhooks were acknowledged with one broker of three`);
  },
};

export const rollingBrokers: Fault = {
  id: 'rolling-brokers',
  title: 'brokers restarted one by one',
  ground: 'three-brokers',
  run: async (scene) => {
    for (const node of scene.ground.cluster.nodes) {
      await node.stop();
      await node.start();
      await scene.ground.cluster.whole(wholeWithinMs);
    }
  },
};

export const rollingServices: Fault = {
  id: 'rolling-services',
  title: 'services restarted one by one',
  ground: 'three-brokers',
  run: async (scene) => {
    for (const name of serviceNames) {
      await scene.supervisor.restart(name);
      await scene.company.system.service(name).ready();
    }
  },
};
