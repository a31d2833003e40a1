/** Begin to read, and answer after so many seconds or so many events, whichever is first. */
export interface ReadOrder {
  readonly seconds: number;
  readonly events: number;
}

export interface ReadResult {
  readonly events: number;
  readonly ms: number;
  /** CPU of the reading process in that time. */
  readonly cpuMs: number;
}
