import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNames } from '@instep/contracts';
import { spanTree, startSpanReceiver, type Span, type SpanReceiver } from '@instep/observability';

import { startCompany } from '../src/company.ts';
import type { Company } from '../src/company.ts';
import { newOrder, stockUp } from '../src/sample.ts';

describe('one order, one trace', () => {
  let company: Company;
  let receiver: SpanReceiver;
  beforeAll(async () => {
    receiver = await startSpanReceiver();
    company = await startCompany({
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '200',
    });
  }, 120_000);
  afterAll(async () => {
    await (company as Company | undefined)?.stop();
    await receiver.stop();
  }, 60_000);

  it('goes from the webhook through every department, each a child of the one that told it', async () => {
    await stockUp(company, 'MUG', '10');
    const order = newOrder({ lines: [{ sku: 'MUG', price: '10.00', quantity: 2 }] }).paid('2026-03-01T10:05:00Z');
    expect(await company.webhook('orders/create', order.body())).toBe(200);
    await company.settled();

    const webhook = (): Span | undefined => receiver.spans().find(({ name }) => name.startsWith('POST /webhooks'));
    const trace = (): readonly Span[] => receiver.spans().filter(({ traceId }) => traceId === webhook()?.traceId);
    const deadline = Date.now() + 20_000;
    // Each service sends its spans in its own time, so a child may come before its parent.
    const whole = (): boolean =>
      new Set(trace().map(({ service }) => service)).size === serviceNames.length &&
      trace().filter(({ parentSpanId }) => !trace().some(({ spanId }) => spanId === parentSpanId)).length === 1;
    while (!whole() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
    const spans = trace();
    expect([...new Set(spans.map(({ service }) => service))].sort()).toEqual([...serviceNames].sort());

    const ids = new Set(spans.map(({ spanId }) => spanId));
    expect(spans.filter(({ parentSpanId }) => parentSpanId === undefined || !ids.has(parentSpanId))).toEqual([webhook()]);
    const of = (service: string, type: string): Span | undefined =>
      spans.find((span) => span.service === service && span.attributes['instep.event.type'] === type);
    expect(of('connectors', 'webhook.received')?.parentSpanId).toBe(webhook()?.spanId);
    expect(of('order-intake', 'channel-order.reported')?.parentSpanId).toBe(of('connectors', 'webhook.received')?.spanId);
    for (const service of ['inventory', 'finance', 'crm', 'hr'])
      expect(of(service, 'order.placed')?.parentSpanId).toBe(of('order-intake', 'channel-order.reported')?.spanId);
    expect(of('order-intake', 'stock.reserved')?.parentSpanId).toBe(
      of('inventory', 'order.paid')?.spanId ?? of('inventory', 'order.placed')?.spanId,
    );
    expect(spanTree(receiver.spans(), webhook()?.traceId ?? '')).toHaveLength(spans.length);
  }, 60_000);

  it('tells how long the way from the edge was, in every department', async () => {
    for (const service of serviceNames) {
      const metrics = await (await fetch(`${company.system.service(service).url}/metrics`)).text();
      expect(metrics).toMatch(/^instep_since_received_seconds_count\{.*\} [1-9]/m);
      expect(metrics).toMatch(/^instep_unit_seconds_count\{.*\} [1-9]/m);
    }
  });
});
