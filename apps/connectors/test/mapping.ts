import type { EventData } from '@instep/contracts';
import { checkData, findEvent } from '@instep/contracts';

import { mapWebhook } from '../src/application/shopify/map-webhook.ts';
import type { ChannelReport } from '../src/application/shopify/reports.ts';

const origin = { tenant: 'demo', channel: 'sample' };

/** What a body says, checked against its contract. */
export function mapped(topic: string, body: object | string): ChannelReport {
  const report = mapWebhook(topic, typeof body === 'string' ? body : JSON.stringify(body), origin);
  if (!report) throw new Error(`${topic} says nothing`);
  const definition = findEvent(report.type);
  if (!definition) throw new Error(`${report.type} is no event`);
  checkData(definition, report.data);
  return report;
}

export function mappedOrder(body: object | string): EventData<'channel-order.reported'> {
  const report = mapped('orders/updated', body);
  if (report.type !== 'channel-order.reported') throw new Error('not an order');
  return report.data;
}

export function mappedRefund(body: object | string): EventData<'channel-refund.reported'> {
  const report = mapped('refunds/create', body);
  if (report.type !== 'channel-refund.reported') throw new Error('not a refund');
  return report.data;
}
