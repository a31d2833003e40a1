const MASK = '***';
/** Where whole messages of vendors lie, as text that nobody reads but programs. */
const SEALED: ReadonlySet<string> = new Set(['body', 'value']);

/** The data of an event with everything in `personal` sub-objects masked, and with vendors' messages only as their size. */
export function withoutPersonal(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(withoutPersonal);
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => {
      if (name === 'personal') return [name, masked(value)];
      if (SEALED.has(name) && typeof value === 'string') return [name, `(${String(Buffer.byteLength(value))} characters)`];
      return [name, withoutPersonal(value)];
    }),
  );
}

function masked(value: unknown): unknown {
  if (value === null) return null;
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, masked(part)]));
  return MASK;
}
