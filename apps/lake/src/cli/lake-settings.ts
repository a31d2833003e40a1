/** What a command works on when its options do not say. */
export interface LakeSettings {
  readonly folder: string;
  /** `host:port`, with commas between. */
  readonly brokers: string | undefined;
  readonly databaseUrl: string | undefined;
}
