import { reaction } from '@instep/department';

import { receiveReport } from '../domain/order/receive-report.ts';
import { orderIdOf, shipmentOf } from './news-of-report.ts';

export const onChannelFulfillmentReported = reaction('channel-fulfillment.reported', ({ data }) => [
  receiveReport.with({ orderId: orderIdOf(data), refunds: [], shipments: [shipmentOf(data.fulfillment)] }),
]);
