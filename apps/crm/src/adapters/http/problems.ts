import type { RefusalStatuses } from '@instep/service-host';

export const problems: RefusalStatuses = { 'customer/no-contact': 422 };
