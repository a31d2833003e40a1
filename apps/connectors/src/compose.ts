import type { DepartmentDefinition } from '@instep/department';

import { subscriptions } from './adapters/log/subscriptions.ts';
import { channelCustomer } from './domain/channel-customer/channel-customer.ts';
import { channelOrder } from './domain/channel-order/channel-order.ts';
import { channelProduct } from './domain/channel-product/channel-product.ts';
import { channelStock } from './domain/channel-stock/channel-stock.ts';

/** Connectors, whole: the same in production, tests and simulation. */
export function compose(): DepartmentDefinition {
  return {
    service: 'connectors',
    ...subscriptions,
    streams: [channelOrder, channelCustomer, channelProduct, channelStock],
    projections: [],
  };
}
