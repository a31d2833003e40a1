import { onChannelFulfillmentReported } from '../../application/on-channel-fulfillment-reported.ts';
import { onChannelOrderReported } from '../../application/on-channel-order-reported.ts';
import { onChannelRefundReported } from '../../application/on-channel-refund-reported.ts';
import { onStockReleased } from '../../application/on-stock-released.ts';
import { onStockReserved } from '../../application/on-stock-reserved.ts';
import { onStockShort } from '../../application/on-stock-short.ts';

/** Group and name under which positions are kept. Another name means reading everything again. */
export const consumer = 'order-intake.events';

/** All that order-intake listens to. */
export const subscriptions = {
  topics: ['channels', 'inventory'],
  reactions: [
    onChannelOrderReported,
    onChannelRefundReported,
    onChannelFulfillmentReported,
    onStockReserved,
    onStockShort,
    onStockReleased,
  ],
} as const;
