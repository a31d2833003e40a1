import { PlatformFault } from '@instep/local-process';
import type { System } from '@instep/platform';
import { startSampleShop as play, type SampleShop } from '@instep/sample-shop';

export type { SampleShop };

/**
 * Plays a small shop against a running system and shows how every department keeps in step: in place on a terminal, else a line every
 * 5 s. INSTEP_SEED repeats the choices of an earlier run; NO_COLOR is respected.
 */
export function startSampleShop(system: System): Promise<SampleShop> {
  const { stdout, env } = process;
  const live = stdout.isTTY && env['TERM'] !== 'dumb';
  return Promise.resolve(
    play(
      { system, seed: seedFrom(env['INSTEP_SEED']) },
      {
        live,
        colours: live && !env['NO_COLOR'],
        get columns() {
          return stdout.columns;
        },
        get rows() {
          return stdout.rows;
        },
        write: (text) => stdout.write(text),
      },
    ),
  );
}

function seedFrom(text: string | undefined): number {
  if (text === undefined || text === '') return Date.now() % 1_000_000;
  const seed = Number(text);
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new PlatformFault('platform/bad-option', `INSTEP_SEED is "${text}": give a whole number, such as 42.`);
}
