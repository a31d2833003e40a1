import type { Fault } from '../run/fault.ts';

const waits = { quick: 6, usual: 12, full: 60 } as const;

/** Shops repeat themselves, and their messages overtake each other: every picture of an order must end in the same order. */
export const webhooksRepeated: Fault = {
  id: 'webhooks',
  title: 'every webhook three times, up to 8 s late, out of order',
  ground: 'one-broker',
  load: { times: 3, lateMs: 8_000 },
  run: (scene) => scene.seconds(waits[scene.extent]),
};
