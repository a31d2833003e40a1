import type * as Api from '@opentelemetry/api';
import type { Link, Span, SpanContext, SpanKind, Tracer } from '@opentelemetry/api';

import type { Attributes } from './attributes.ts';
import { currentTraceparent, isSampled, traceIdOf, withTraceparent } from './traceparent.ts';

export interface SpanSettings {
  readonly kind: 'server' | 'client' | 'producer' | 'consumer' | 'internal';
  readonly attributes?: Attributes;
  /** Traces that this work serves without being part of them: one span per slice, linked to those of its records. Unsampled ones are left out. */
  readonly links?: readonly (string | undefined)[];
}

let tracing: { readonly api: typeof Api; readonly tracer: Tracer } | undefined;

/** Spans are made from now on; without it `withSpan` only calls its function. */
export function useTracer(made: typeof tracing): void {
  tracing = made;
}

/** Whether spans are made: ask before collecting links or attributes that cost something. */
export function isTracing(): boolean {
  return tracing !== undefined;
}

/**
 * Runs `fn` in a span: a child of the current trace, else the first of a new one. A rejection marks the span as failed and goes on to the
 * caller. Costs nothing to speak of while spans are not exported.
 */
export async function withSpan<Result>(name: string, settings: SpanSettings, fn: () => Promise<Result>): Promise<Result> {
  if (!tracing) return fn();
  const { api, tracer } = tracing;
  const parent = currentTraceparent();
  const parentContext = parent === undefined ? api.ROOT_CONTEXT : api.trace.setSpanContext(api.ROOT_CONTEXT, spanContextOf(parent));
  const kind = kinds(api)[settings.kind];
  const span = tracer.startSpan(name, { kind, attributes: { ...settings.attributes }, links: linksOf(settings.links) }, parentContext);
  try {
    return await withTraceparent(traceparentOf(span), fn);
  } catch (error) {
    span.setStatus({ code: api.SpanStatusCode.ERROR });
    span.setAttribute('error.type', errorType(error));
    throw error;
  } finally {
    span.end();
  }
}

function kinds(api: typeof Api): Record<SpanSettings['kind'], SpanKind> {
  const { CLIENT, CONSUMER, INTERNAL, PRODUCER, SERVER } = api.SpanKind;
  return { client: CLIENT, consumer: CONSUMER, internal: INTERNAL, producer: PRODUCER, server: SERVER };
}

function linksOf(traceparents: SpanSettings['links'] = []): Link[] {
  const sampled = new Set(traceparents.filter((traceparent) => traceparent !== undefined && isSampled(traceparent)));
  return [...sampled].map((traceparent) => ({ context: spanContextOf(traceparent as string) }));
}

function spanContextOf(traceparent: string): SpanContext {
  return {
    traceId: traceIdOf(traceparent),
    spanId: traceparent.slice(36, 52),
    traceFlags: Number.parseInt(traceparent.slice(53), 16),
    isRemote: true,
  };
}

function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

function errorType(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : error instanceof Error ? error.name : 'unknown';
}
