import { decodeEvent } from '@instep/contracts';

import type { ParkedRecord } from './store.ts';

/** Why a record was parked that a newer release may read. */
export const unknownVersion = 'contract/unknown-version';

/**
 * Whether a record was parked only because an older release did not know its version, and this one does: while a release is rolled out, an
 * old replica may read what a new one wrote. It needs nobody's decision to go on.
 */
export function isReadableNow({ code, value }: Pick<ParkedRecord, 'code' | 'value'>): boolean {
  if (code !== unknownVersion) return false;
  try {
    decodeEvent(value);
    return true;
  } catch {
    return false;
  }
}
