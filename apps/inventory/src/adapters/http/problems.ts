import type { RefusalStatuses } from '@instep/service-host';

/** Those that are not about the request as such but about how things stand. The others are 422. */
export const problems: RefusalStatuses = {
  'item/unknown': 404,
  'item/below-reserved': 409,
  'item/below-zero': 409,
  'item/other-currency': 409,
};
