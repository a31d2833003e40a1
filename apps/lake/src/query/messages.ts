import type { Personal } from '../personal/hidden-fields.ts';
import type { AsOf } from '../row-history/as-of-views.ts';
import type { QueryLimits } from './limits.ts';

export const formats = ['table', 'csv', 'json', 'markdown', 'parquet', 'arrow'] as const;
export type Format = (typeof formats)[number];

/** From whoever asks to the query process. The answer's bytes come on the process's standard output. */
export type Request =
  | {
      readonly kind: 'run';
      readonly sql: string;
      readonly values: Readonly<Record<string, string>>;
      readonly format: Format;
    }
  | { readonly kind: 'interrupt' };

export type Report =
  /** The database is open and locked, and the files of the lake are sound. */
  | { readonly kind: 'ready' }
  /** 0 to 100. */
  | { readonly kind: 'progress'; readonly percent: number }
  | { readonly kind: 'done'; readonly answer: Answer }
  | { readonly kind: 'fault'; readonly code: string; readonly message: string };

export interface Answer {
  readonly rows: number;
  /** Whether there were more rows than the limit lets through. */
  readonly cutOff: boolean;
  readonly freshness: Freshness;
  readonly personal: Personal;
}

/** What the answer is true of: the state of the lake that was read. */
export interface Freshness {
  /** When the newest event in the lake was recorded; undefined in an empty one. */
  readonly recordedUpTo?: string;
  readonly files: number;
  /** The moment that was asked for. */
  readonly asOf?: string;
}

/** What a query process is started with. */
export interface Start {
  readonly lake: string;
  readonly scratch: string;
  readonly limits: QueryLimits;
  /** With the views of the rows as of this moment. */
  readonly asOf?: AsOf;
}
