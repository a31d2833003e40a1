import { serviceNames } from '@instep/contracts';

import type { Fault } from '../run/fault.ts';

const lastsSeconds = { quick: 10, usual: 24, full: 300 } as const;
const everySeconds = 2;

export const killStorm: Fault = {
  id: 'kill-storm',
  title: 'kill -9 of a random service every 2 s',
  ground: 'one-broker',
  run: async (scene) => {
    for (let passed = 0; passed < lastsSeconds[scene.extent]; passed += everySeconds) {
      const name = serviceNames[Math.floor(scene.random() * serviceNames.length)] ?? 'finance';
      // One that is being brought back is dead already.
      if (scene.company.system.service(name).running) await scene.supervisor.kill(name);
      await scene.seconds(everySeconds);
    }
  },
};
