// Loaded into a service before anything else (NODE_OPTIONS=--import): its wall clock is wrong by as many milliseconds as the file
// CHAOS_CLOCK_FILE says, which may change at any time. The monotonic clock is left alone, as when somebody sets the clock of a machine.
import { readFileSync } from 'node:fs';

const file = process.env.CHAOS_CLOCK_FILE;
const RealDate = Date;
let shiftMs = 0;

function look() {
  try {
    shiftMs = Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    // being written just now: the next look will see it
  }
}

if (file !== undefined) {
  look();
  setInterval(look, 100).unref();
  const now = () => RealDate.now() + shiftMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, self) => Reflect.construct(target, args.length === 0 ? [now()] : args, self),
    apply: () => new RealDate(now()).toString(),
    get: (target, name, self) => (name === 'now' ? now : Reflect.get(target, name, self)),
  });
}
