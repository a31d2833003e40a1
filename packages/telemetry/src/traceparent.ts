import { AsyncLocalStorage } from 'node:async_hooks';
import { hash, randomFillSync } from 'node:crypto';

const PATTERN = /^[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const ID_BYTES = 24;
const pool = Buffer.alloc(ID_BYTES * 256);
let used = pool.length;
let sampledShare = 0;

const current = new AsyncLocalStorage<string>();

/** W3C `traceparent` of what runs now, or undefined outside of any. */
export function currentTraceparent(): string | undefined {
  return current.getStore();
}

/** Runs `fn` (and all that it awaits) as part of the trace. */
export function withTraceparent<Result>(traceparent: string, fn: () => Result): Result {
  return current.run(traceparent, fn);
}

/** A new trace with a new first span id. Marked as sampled only while spans are being exported, and then as many of them as are asked for. */
export function newTraceparent(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const ids = pool.toString('hex', used, used + ID_BYTES);
  used += ID_BYTES;
  return `00-${ids.slice(0, 32)}-${ids.slice(32)}-${isChosen(ids) ? '01' : '00'}`;
}

/** By the trace's id, so that whoever sees only the id chooses the same. */
function isChosen(traceId: string): boolean {
  if (sampledShare >= 1) return true;
  if (sampledShare <= 0) return false;
  let mixed = 0;
  for (let at = 0; at < 32; at += 8) mixed = (mixed ^ Number.parseInt(traceId.slice(at, at + 8), 16)) >>> 0;
  return mixed < Math.floor(sampledShare * 0xffffffff);
}

/** What a caller sent as `traceparent`, if it is one. */
export function parseTraceparent(header: string | undefined): string | undefined {
  return header !== undefined && header.length === 55 && PATTERN.test(header) && !header.startsWith('ff') ? header : undefined;
}

export function traceIdOf(traceparent: string): string {
  return traceparent.slice(3, 35);
}

export function isSampled(traceparent: string): boolean {
  return (Number.parseInt(traceparent.slice(53), 16) & 1) === 1;
}

/**
 * The span below `traceparent` that `name` names: the same name gives the same span id, so an event can carry the span of the work that
 * recorded it although that span is only written after the commit. A trace that is not sampled stays as it is: it costs nothing.
 */
export function childTraceparent(traceparent: string, name: string): string {
  if (!isSampled(traceparent)) return traceparent;
  return `${traceparent.slice(0, 36)}${hash('sha256', `${traceparent}${name}`).slice(0, 16)}${traceparent.slice(52)}`;
}

export function spanIdOf(traceparent: string): string {
  return traceparent.slice(36, 52);
}

/** This share of new traces, 0 to 1, is sampled from now on. */
export function sampleNewTraces(share: number): void {
  sampledShare = share;
}
