import type { Personal } from '../personal/hidden-fields.ts';

/** What a query may use before it is ended, and what it may see. */
export interface QueryLimits {
  readonly seconds: number;
  /** Rows of the answer; what is beyond is cut off, and said. */
  readonly rows: number;
  /** Of DuckDB's buffers. The process as a whole may take `processOverheadMb` more. */
  readonly memoryMb: number;
  readonly threads: number;
  readonly personal: Personal;
}

export const defaultQueryLimits: QueryLimits = { seconds: 60, rows: 1_000_000, memoryMb: 1024, threads: 2, personal: 'hidden' };

/** Node, DuckDB itself, and what it holds outside its buffers: measured 270 to 340 MB. */
export const processOverheadMb = 700;
