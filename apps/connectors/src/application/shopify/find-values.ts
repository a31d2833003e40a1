const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openList = 0x5b;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/** Names are known for objects up to this depth; deeper ones are only counted. */
const deepest = 2;

/**
 * Plain values of an object, found without parsing it: by name, or `outer/inner` one level deeper. The text of numbers as written, so ids
 * beyond 2^53 are whole; strings without their escapes undone. The first of equal names counts. Stops as soon as all are found: a few us
 * for a webhook, whose id comes first. Reads any bytes without recursion and without failing.
 */
export function findValues(body: Buffer, names: readonly string[]): ReadonlyMap<string, string> {
  const walk = new Walk(body, names);
  while (walk.goesOn()) walk.step();
  return walk.found;
}

class Walk {
  readonly found = new Map<string, string>();
  readonly #body: Buffer;
  readonly #names: readonly string[];
  readonly #isObject = [false, false, false];
  readonly #path = ['', '', ''];
  #depth = 0;
  #at = 0;
  /** In an object, before the colon. */
  #expectsName = false;

  constructor(body: Buffer, names: readonly string[]) {
    this.#body = body;
    this.#names = names;
  }

  goesOn(): boolean {
    return this.#at < this.#body.length && this.#depth >= 0 && this.found.size < this.#names.length;
  }

  step(): void {
    const byte = this.#body[this.#at] ?? 0;
    switch (byte) {
      case quote:
        this.#string();
        return;
      case openObject:
      case openList:
        this.#open(byte === openObject);
        return;
      case closeObject:
      case closeList:
        this.#depth -= 1;
        this.#expectsName = false;
        break;
      case comma:
        this.#expectsName = this.#inObject();
        break;
      default:
        if (isDigit(byte) && this.#inObject()) {
          this.#number();
          return;
        }
    }
    this.#at += 1;
  }

  #inObject(): boolean {
    return this.#depth <= deepest && this.#isObject[this.#depth] === true;
  }

  #open(isObject: boolean): void {
    this.#depth += 1;
    if (this.#depth <= deepest) this.#isObject[this.#depth] = isObject;
    this.#expectsName = isObject;
    this.#at += 1;
  }

  #string(): void {
    const start = this.#at + 1;
    const end = endOfString(this.#body, this.#at);
    this.#at = end + 1;
    if (!this.#inObject()) return;
    if (this.#expectsName) this.#path[this.#depth] = this.#body.toString('utf8', start, end);
    else this.#note(start, end);
    this.#expectsName = false;
  }

  #number(): void {
    const start = this.#at;
    while (isNumeral(this.#body[this.#at] ?? 0)) this.#at += 1;
    if (!this.#expectsName) this.#note(start, this.#at);
  }

  #note(start: number, end: number): void {
    const [, outer = '', inner = ''] = this.#path;
    const name = this.#depth === 1 ? outer : `${outer}/${inner}`;
    if (this.#names.includes(name) && !this.found.has(name)) this.found.set(name, this.#body.toString('utf8', start, end));
  }
}

function endOfString(body: Buffer, start: number): number {
  let at = start + 1;
  while (at < body.length && body[at] !== quote) at += body[at] === backslash ? 2 : 1;
  return Math.min(at, body.length);
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** Digits, and what makes a number no id: sign, point, exponent. */
function isNumeral(byte: number): boolean {
  return isDigit(byte) || byte === 0x2e || byte === 0x65 || byte === 0x45 || byte === 0x2b || byte === 0x2d;
}
