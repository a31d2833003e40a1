import type { Rest } from '@instep/command-line';

/** What a command works on when its options do not say. */
export interface ReplaySettings {
  /** Folder of the lake. */
  readonly lake: string;
  /** `host:port`, with commas between. */
  readonly brokers: string | undefined;
  /** Any database of the server on which sandboxes are made. */
  readonly databaseUrl: string | undefined;
  /** Called before work that may take its time: lets all else on the machine come first, and gives what is awaited between two pieces of it. */
  readonly comeLast?: () => Rest;
}
