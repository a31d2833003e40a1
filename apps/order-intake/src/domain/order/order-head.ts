import type { OrderHead } from '@instep/contracts';

/** The head alone, its parts always in the same order, so that equal heads have equal fingerprints. */
export function headOf({ number, placedAt, test, currencies, customer, staffId, locationId, personal }: OrderHead): OrderHead {
  return { number, placedAt, test, currencies, customer, staffId, locationId, personal };
}
