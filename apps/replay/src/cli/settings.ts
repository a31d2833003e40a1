/** What a command works on when its options do not say. */
export interface ReplaySettings {
  /** Folder of the lake. */
  readonly lake: string;
  /** `host:port`, with commas between. */
  readonly brokers: string | undefined;
  /** Any database of the server on which sandboxes are made. */
  readonly databaseUrl: string | undefined;
}
