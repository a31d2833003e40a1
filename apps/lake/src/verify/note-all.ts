import { setTimeout as pause } from 'node:timers/promises';

import type { SoundFiles } from '../sound/sound-files.ts';

const everyMs = 20;
const mostTries = 50;

/** Also while others note what they found: what is damaged must not stay noted as sound. */
export async function noteAll(known: SoundFiles): Promise<void> {
  for (let tries = 1; known.save() === 'busy' && tries < mostTries; tries += 1) await pause(everyMs);
}
