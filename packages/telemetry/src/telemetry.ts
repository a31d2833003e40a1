import { spanIds } from './span-ids.ts';
import { useTracer } from './span.ts';
import { sampledShareOf } from './sampled-share.ts';
import { sampleNewTraces } from './traceparent.ts';

export interface TelemetrySettings {
  readonly serviceName: string;
  readonly version: string;
}

export interface Telemetry {
  /** Sends the spans that are still held back and makes no more. Resolves at the latest after `deadlineMs`; never rejects. */
  stop(deadlineMs: number): Promise<void>;
}

/**
 * Starts tracing when `OTEL_EXPORTER_OTLP_ENDPOINT` says where to send spans; the other `OTEL_*` variables mean what the standard says.
 * Nothing is patched into libraries: spans are made by hand, one per slice or request, because one per message costs more than the message.
 * Without an endpoint the SDK (20 MB, 0.2 s) is not even loaded. Metrics are pulled (`createMetrics`), logs go to stdout.
 */
export async function startTelemetry({ serviceName, version }: TelemetrySettings): Promise<Telemetry> {
  if (!process.env['OTEL_EXPORTER_OTLP_ENDPOINT']) return { stop: () => Promise.resolve() };
  const [api, { NodeSDK }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/resources'),
  ]);
  const sdk = new NodeSDK({
    resource: resourceFromAttributes({ 'service.name': serviceName, 'service.version': version }),
    autoDetectResources: false,
    idGenerator: spanIds,
    textMapPropagator: null,
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  useTracer({ api, tracer: api.trace.getTracer('instep', version) });
  sampleNewTraces(sampledShareOf(process.env));
  return {
    stop: async (deadlineMs) => {
      useTracer(undefined);
      sampleNewTraces(0);
      await withDeadline(sdk.shutdown(), deadlineMs);
    },
  };
}

/** A collector that is away must neither hold the process nor be its last words. */
async function withDeadline(work: Promise<unknown>, deadlineMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, deadlineMs)));
  const settled = work.then(
    () => {},
    () => {},
  );
  await Promise.race([settled, late]);
  clearTimeout(timer);
}
