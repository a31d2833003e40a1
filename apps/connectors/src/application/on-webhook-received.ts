import { bytesOfRawBody } from '@instep/contracts';
import type { Command } from '@instep/decider';
import { reaction } from '@instep/department';

import { reportCustomer } from '../domain/channel-customer/report-customer.ts';
import { reportFulfillment } from '../domain/channel-order/report-fulfillment.ts';
import { reportOrder } from '../domain/channel-order/report-order.ts';
import { reportRefund } from '../domain/channel-order/report-refund.ts';
import { reportProduct } from '../domain/channel-product/report-product.ts';
import { reportStock } from '../domain/channel-stock/report-stock.ts';
import { mapWebhook } from './shopify/map-webhook.ts';
import type { ChannelReport } from './shopify/reports.ts';

/** A raw webhook becomes the report of what its channel says. Throws UnmappableBody: the key of the raw record waits for a mended mapping. */
export const onWebhookReceived = reaction('webhook.received', ({ data, tenant }) => {
  const report = mapWebhook(data.topic, bytesOfRawBody(data.body).toString('utf8'), { tenant, channel: data.connection });
  return report ? [commandFor(report)] : [];
});

function commandFor(report: ChannelReport): Command {
  switch (report.type) {
    case 'channel-order.reported':
      return reportOrder.with(report.data);
    case 'channel-refund.reported':
      return reportRefund.with(report.data);
    case 'channel-fulfillment.reported':
      return reportFulfillment.with(report.data);
    case 'channel-customer.reported':
      return reportCustomer.with(report.data);
    case 'channel-product.reported':
      return reportProduct.with(report.data);
    case 'channel-stock.reported':
      return reportStock.with(report.data);
  }
}
