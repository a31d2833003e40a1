import type * as Api from '@opentelemetry/api';
import type { Link, Span, SpanContext, SpanKind, Tracer } from '@opentelemetry/api';

import type { Attributes } from './attributes.ts';
import { withSpanId } from './span-ids.ts';
import { currentTraceparent, isSampled, spanIdOf, traceIdOf, withTraceparent } from './traceparent.ts';

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

export interface PastSpan extends SpanSettings {
  readonly name: string;
  /** What it is part of; undefined: the first span of a trace of its own. */
  readonly parent: string | undefined;
  /** The span itself, where others refer to it already. */
  readonly traceparent?: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Writes down work that is over. Resolves to the span's traceparent; undefined while spans are not exported. */
export function recordSpan({ name, parent, traceparent, kind, attributes, links, startedAt, endedAt }: PastSpan): string | undefined {
  if (!tracing) return undefined;
  const { api, tracer } = tracing;
  const context = parent === undefined ? api.ROOT_CONTEXT : api.trace.setSpanContext(api.ROOT_CONTEXT, spanContextOf(parent));
  const settings = { kind: kinds(api)[kind], attributes: { ...attributes }, links: linksOf(links), startTime: startedAt };
  const span = withSpanId(traceparent === undefined ? undefined : spanIdOf(traceparent), () => tracer.startSpan(name, settings, context));
  span.end(endedAt);
  return traceparentOf(span);
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
    spanId: spanIdOf(traceparent),
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
