import { decodeEvent } from '@instep/contracts';

import type { ParkedRecord } from './store.ts';

/**
 * Whether a record was parked only because an older release did not know its version, and this one does: while a release is rolled out, an
 * old replica may read what a new one wrote. It needs nobody's decision to go on.
 */
export function isReadableNow({ code, value }: Pick<ParkedRecord, 'code' | 'value'>): boolean {
  if (code !== 'contract/unknown-version') return false;
  try {
    decodeEvent(value);
    return true;
  } catch {
    return false;
  }
}
