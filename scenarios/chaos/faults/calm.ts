import type { Fault } from '../run/fault.ts';

/** Healthy systems fail, too. */
export const nothingBreaks: Fault = {
  id: 'calm',
  title: 'nothing breaks',
  ground: 'one-broker',
  run: (scene) => scene.seconds(scene.extent === 'full' ? 60 : 8),
};
