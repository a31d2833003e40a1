/** What a network does to connections. All absent: nothing. */
export interface Weather {
  /** Added to each way. */
  readonly latencyMs?: number;
  /** Up to so much more or less than `latencyMs`, anew for each piece; order is kept. */
  readonly jitterMs?: number;
  /** Of each way of each connection. */
  readonly bytesPerSecond?: number;
  /** Nothing comes through this way; what was sent waits, as in a partition, and comes through when it ends. */
  readonly blackHole?: 'both' | 'to-server' | 'to-client';
  /** Connections are reset as soon as they say something. */
  readonly reset?: boolean;
  /** Share of answers, 0 to 1, that are thrown away with their connection: the request was passed on. */
  readonly answersDropped?: number;
}

export const calm: Weather = {};

export type Way = 'to-server' | 'to-client';

/** Milliseconds that a piece of so many bytes is held back. */
export function delayOf({ latencyMs = 0, jitterMs = 0 }: Weather, random: () => number): number {
  return Math.max(0, latencyMs + (random() * 2 - 1) * jitterMs);
}

export function isBlocked({ blackHole }: Weather, way: Way): boolean {
  return blackHole === 'both' || blackHole === way;
}
