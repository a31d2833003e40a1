import { stripVTControlCharacters } from 'node:util';

/** 1234567.5 -> "1,234,567.5"; also of exact decimals as text. */
export function grouped(value: number | string): string {
  const [whole = '', fraction] = String(value).split('.');
  const thousands = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? thousands : `${thousands}.${fraction}`;
}

/** "850 ms", "1.2 s". */
export function duration(ms: number): string {
  return ms < 999.5 ? `${ms.toFixed(0)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** "12 s", "3 min 12 s", "2 h 3 min". */
export function span(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}

/** How many columns a text takes on the screen: colours take none. */
export function width(text: string): number {
  return stripVTControlCharacters(text).length;
}

export function left(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - width(text)));
}

export function right(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - width(text))) + text;
}

/** At most so many columns; what is cut off loses its colours too. */
export function cut(text: string, columns: number): string {
  return width(text) <= columns ? text : `${stripVTControlCharacters(text).slice(0, Math.max(0, columns - 1))}…`;
}
