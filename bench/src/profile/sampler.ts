/**
 * Loaded before a service (`node --import`): SIGUSR2 begins to sample where its CPU goes, the next one ends that and leaves
 * `<service>.cpuprofile` in the folder BENCH_PROFILES.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { basename, join } from 'node:path';

const samplingMicroseconds = 1_000;
const folder = process.env['BENCH_PROFILES'];
const session = new Session();
let sampling = false;

if (folder !== undefined) {
  process.on('SIGUSR2', () => {
    void toggle(join(folder, `${basename(process.cwd())}.cpuprofile`));
  });
}

async function toggle(file: string): Promise<void> {
  sampling = !sampling;
  if (sampling) {
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: samplingMicroseconds });
    await session.post('Profiler.start');
    return;
  }
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  // Whole or not at all for whoever waits for it.
  writeFileSync(`${file}.part`, JSON.stringify(profile));
  renameSync(`${file}.part`, file);
}
