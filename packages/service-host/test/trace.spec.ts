import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { topics } from '@instep/contracts';
import { inMemoryStore } from '@instep/department';
import { inMemoryLog } from '@instep/event-log';
import { startTelemetry } from '@instep/telemetry';
import { expect, it } from '@jest/globals';

import { testHost } from '../src/index.ts';

import { taggingService } from './tagging.module.ts';

interface Span {
  readonly name: string;
  readonly traceId: string;
}

it('a request is one span of the trace of its caller, and its events carry that trace', async () => {
  const spans: Span[] = [];
  const collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };
      spans.push(...body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${String((collector.address() as AddressInfo).port)}`;
  process.env['OTEL_EXPORTER_OTLP_PROTOCOL'] = 'http/json';
  const telemetry = await startTelemetry({ serviceName: 'crm', version: '1' });

  const partitions = Object.fromEntries(Object.values(topics).map(({ name, partitions: count }) => [name, count]));
  const log = inMemoryLog({ topics: partitions });
  const host = await testHost(taggingService, { log, store: inMemoryStore({ tables: [] }) });
  const answer = await host.inject({
    method: 'POST',
    url: '/customers/7/tags',
    headers: { 'x-tenant': 'demo', 'idempotency-key': '1', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
    payload: { tag: 'new' },
  });
  expect(answer.statusCode).toBe(201);
  await host.close();
  await telemetry.stop(5_000);
  await new Promise((resolve) => collector.close(resolve));

  expect(spans).toContainEqual(expect.objectContaining({ name: 'POST /customers/:id/tags', traceId: '0af7651916cd43dd8448eb211c80319c' }));
  const values: string[] = [];
  for (const { partition, next } of await log.bounds('customers')) {
    for await (const records of log.read({ topic: 'customers', partition }, 0, next))
      values.push(...records.map(({ value }) => value.toString()));
  }
  const tagged = values
    .map((value) => JSON.parse(value) as { type: string; traceparent?: string })
    .find(({ type }) => type === 'customer.tagged');
  expect(tagged?.traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
});
