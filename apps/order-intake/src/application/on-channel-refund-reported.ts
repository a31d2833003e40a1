import { reaction } from '@instep/department';

import { receiveReport } from '../domain/order/receive-report.ts';
import { orderIdOf, refundOf } from './news-of-report.ts';

/** A refund on its own: it may come before its order, and the order tells it again, better. */
export const onChannelRefundReported = reaction('channel-refund.reported', ({ data }) => [
  receiveReport.with({ orderId: orderIdOf(data), refunds: [{ ...refundOf(data.refund), alone: true }], shipments: [] }),
]);
