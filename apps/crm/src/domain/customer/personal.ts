import type { Personal } from '@instep/contracts';

/** Personal data and when its newest source said so. */
export interface Known {
  readonly personal: Personal | null;
  readonly knownAt: string;
}

/** Newer data replaces what it names; older data only fills gaps. */
export function mergeKnown(before: Known, seen: Known): Known {
  if (!seen.personal) return before;
  const newer = isLater(seen.knownAt, before.knownAt);
  const personal = newer ? overlay(before.personal, seen.personal) : overlay(seen.personal, before.personal);
  return { personal, knownAt: newer || !before.personal ? seen.knownAt : before.knownAt };
}

/** The order of two instants whatever their number of fraction digits. */
function isLater(a: string, b: string): boolean {
  const [left, right] = [parts(a), parts(b)];
  return left.seconds === right.seconds ? left.fraction > right.fraction : left.seconds > right.seconds;
}

function parts(instant: string): { seconds: string; fraction: string } {
  return { seconds: instant.slice(0, 19), fraction: instant.slice(20, -1).padEnd(9, '0') };
}

const fields = ['name', 'email', 'phone', 'billing', 'shipping', 'company', 'street', 'street2', 'city', 'zip', 'province', 'country'];

/** Whether two say the same, in whatever order their sources wrote the fields. */
export function samePersonal(a: Personal | null, b: Personal | null): boolean {
  return JSON.stringify(a, fields) === JSON.stringify(b, fields);
}

/** A note belongs to an order, not to the person. */
function overlay(under: Personal | null, over: Personal | null): Personal {
  const billing = first(over?.billing, under?.billing);
  const shipping = first(over?.shipping, under?.shipping);
  return {
    name: first(over?.name, under?.name),
    email: first(over?.email, under?.email),
    phone: first(over?.phone, under?.phone),
    ...(billing && { billing }),
    ...(shipping && { shipping }),
  };
}

function first<Value>(over: Value | null | undefined, under: Value | null | undefined): Value | null {
  return over ?? under ?? null;
}
