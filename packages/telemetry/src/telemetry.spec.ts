import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it } from '@jest/globals';

import { isTracing, withSpan } from './span.ts';
import { startTelemetry } from './telemetry.ts';
import { currentTraceparent, isSampled, newTraceparent, traceIdOf, withTraceparent } from './traceparent.ts';

interface Received {
  readonly name: string;
  readonly traceId: string;
  readonly parentSpanId?: string;
  readonly links?: readonly { readonly traceId: string }[];
  readonly status: { readonly code?: number };
}

afterEach(() => {
  delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  delete process.env['OTEL_EXPORTER_OTLP_PROTOCOL'];
});

describe('telemetry', () => {
  it('makes no spans when nobody collects them', async () => {
    const telemetry = await startTelemetry({ serviceName: 'crm', version: '1' });
    expect(isTracing()).toBe(false);
    expect(await withSpan('x', { kind: 'internal' }, () => Promise.resolve(currentTraceparent() ?? 'none'))).toBe('none');
    await telemetry.stop(100);
  });

  it('sends spans to the collector: children of the current trace, links to the sampled ones, failures marked', async () => {
    const spans: Received[] = [];
    const collector = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as { resourceSpans: { scopeSpans: { spans: Received[] }[] }[] };
        spans.push(...body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
        response.end('{}');
      });
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${String((collector.address() as AddressInfo).port)}`;
    process.env['OTEL_EXPORTER_OTLP_PROTOCOL'] = 'http/json';

    const telemetry = await startTelemetry({ serviceName: 'crm', version: '1' });
    const caller = newTraceparent();
    expect(isSampled(caller)).toBe(true);
    const linked = newTraceparent();
    const unsampled = `${newTraceparent().slice(0, 53)}00`;
    const inside = await withTraceparent(caller, () =>
      withSpan('process orders', { kind: 'consumer', links: [linked, unsampled, undefined, linked] }, () =>
        Promise.resolve(currentTraceparent()),
      ),
    );
    await expect(withSpan('fails', { kind: 'internal' }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await telemetry.stop(5_000);
    await new Promise((resolve) => collector.close(resolve));

    expect(spans.map(({ name }) => name).sort()).toEqual(['fails', 'process orders']);
    const span = spans.find(({ name }) => name === 'process orders');
    expect(span).toMatchObject({ traceId: traceIdOf(caller), parentSpanId: caller.slice(36, 52) });
    expect(span?.links?.map(({ traceId }) => traceId)).toEqual([traceIdOf(linked)]);
    expect(inside).toMatch(new RegExp(`^00-${traceIdOf(caller)}-`));
    expect(spans.find(({ name }) => name === 'fails')?.status.code).toBe(2);
    expect(isTracing()).toBe(false);
  });

  it('does not wait longer than the deadline for a collector that is away', async () => {
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = 'http://127.0.0.1:9';
    const telemetry = await startTelemetry({ serviceName: 'crm', version: '1' });
    await withSpan('lost', { kind: 'internal' }, () => Promise.resolve());
    const before = performance.now();
    await telemetry.stop(300);
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});
