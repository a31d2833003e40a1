import { badInput } from './fault.ts';

/** A place in every partition: an offset, or the first record that was sent at this time or later. */
export type Place = number | Date;

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** An offset (`1200`), a time (`2026-11-25T10:00Z`) or how long ago (`15m`, `2h`, `3d`). Throws a fault that names the option. */
export function placeFrom(option: string, text: string, now: number): Place {
  if (/^\d+$/.test(text)) return Number(text);
  return timeFrom(option, text, now);
}

/** A time or how long ago. */
export function timeFrom(option: string, text: string, now: number): Date {
  const ago = /^(?<count>\d+)(?<unit>[smhd])$/.exec(text)?.groups;
  if (ago) return new Date(now - Number(ago.count) * (UNITS_MS[ago.unit ?? ''] ?? 0));
  const time = new Date(text);
  if (/^\d{4}-\d{2}/.test(text) && !Number.isNaN(time.getTime())) return time;
  throw badInput(`${option} ${text} is no offset (1200), no time (2026-11-25T10:00Z) and not how long ago (15m, 2h, 3d).`);
}

/** 0.4 s, 12 s, 3 min, 5 h, 2 d: how long something takes or took. */
export function span(ms: number): string {
  const seconds = Math.abs(ms) / 1_000;
  const sign = ms < 0 ? '-' : '';
  if (seconds < 10) return `${sign}${seconds.toFixed(seconds < 1 ? 3 : 1)} s`;
  if (seconds < 120) return `${sign}${seconds.toFixed(0)} s`;
  if (seconds < 7_200) return `${sign}${(seconds / 60).toFixed(0)} min`;
  if (seconds < 172_800) return `${sign}${(seconds / 3_600).toFixed(0)} h`;
  return `${sign}${(seconds / 86_400).toFixed(0)} d`;
}
