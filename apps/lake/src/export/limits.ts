/** Where a block ends: at the first record that makes it reach one of these. So the log alone decides, not when the exporter ran. */
export interface BlockLimits {
  readonly records: number;
  /** Of the values, in the log. Bounds the memory that a block takes. */
  readonly bytes: number;
}

export const defaultLimits: BlockLimits = { records: 25_000, bytes: 64 * 1024 * 1024 };
