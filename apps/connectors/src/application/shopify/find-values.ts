const quote = 0x22;
const backslash = 0x5c;

/**
 * Plain values of an object, found without parsing it: by name, or `outer/inner` one level deeper. The text of numbers as written, so ids
 * beyond 2^53 are whole; strings without their escapes undone. The first of equal names counts. Stops as soon as all are found: a few us
 * for a webhook, whose id comes first. Reads any bytes without recursion and without failing.
 */
export function findValues(body: Buffer, names: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const isObject = [false, false, false];
  const path = ['', '', ''];
  let depth = 0;
  let expectsName = false;
  let at = 0;
  while (at < body.length) {
    const byte = body[at] ?? 0;
    if (byte === quote) {
      const end = endOfString(body, at);
      if (depth <= 2 && isObject[depth] === true) {
        if (expectsName) path[depth] = body.toString('utf8', at + 1, end);
        else note(at + 1, end);
        expectsName = false;
      }
      at = end + 1;
    } else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth <= 2) isObject[depth] = byte === 0x7b;
      expectsName = byte === 0x7b;
      at += 1;
    } else if (byte === 0x7d || byte === 0x5d) {
      depth -= 1;
      expectsName = false;
      at += 1;
    } else if (byte === 0x2c) {
      expectsName = depth <= 2 && isObject[depth] === true;
      at += 1;
    } else if (depth <= 2 && byte >= 0x30 && byte <= 0x39 && isObject[depth] === true && !expectsName) {
      const end = endOfNumber(body, at);
      note(at, end);
      at = end;
    } else {
      at += 1;
    }
    if (found.size === names.length || depth < 0) break;
  }
  return found;

  function note(from: number, to: number): void {
    const name = depth === 1 ? path[1] : `${path[1] ?? ''}/${path[2] ?? ''}`;
    if (name !== undefined && names.includes(name) && !found.has(name)) found.set(name, body.toString('utf8', from, to));
  }
}

function endOfString(body: Buffer, start: number): number {
  let at = start + 1;
  while (at < body.length && body[at] !== quote) at += body[at] === backslash ? 2 : 1;
  return Math.min(at, body.length);
}

function endOfNumber(body: Buffer, start: number): number {
  let at = start;
  while (at < body.length && isNumeral(body[at] ?? 0)) at += 1;
  return at;
}

/** Digits, and what makes a number no id: sign, point, exponent. */
function isNumeral(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x2e || byte === 0x65 || byte === 0x45 || byte === 0x2b || byte === 0x2d;
}
