import { ContractViolation, decodeEvent, recordKey } from '@instep/contracts';

import type { ParkedRecord } from './store.ts';

/** What somebody puts in the place of a parked record that nobody could read. */
export interface Mend {
  /** The whole event, as JSON. */
  readonly value: Buffer;
  /** Who and why, for whoever reads the log: it is recorded with the bytes that were applied. */
  readonly note: string;
}

export type MendedRecord = ParkedRecord & { readonly n: number; readonly note?: string };

/** The parked record with other bytes, or why these cannot stand in its place. It stays where it lies, under its key. */
export function mendedRecord(parked: ParkedRecord & { readonly n: number }, { value, note }: Mend): MendedRecord | string {
  try {
    const { tenant, subject } = decodeEvent(value);
    const key = recordKey(tenant, subject);
    return key === parked.key ? { ...parked, value, note } : `it belongs to the key ${key}, not to ${parked.key}`;
  } catch (error) {
    if (error instanceof ContractViolation) return error.message;
    throw error;
  }
}
