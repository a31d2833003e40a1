export type { AttributeName, Attributes } from './attributes.ts';
export { attributes, messagingSystem } from './attributes.ts';
export {
  childTraceparent,
  currentTraceparent,
  isSampled,
  newTraceparent,
  parseTraceparent,
  traceIdOf,
  withTraceparent,
} from './traceparent.ts';
export { receivedAt, receivedTracestate } from './received.ts';
export type { PastSpan, SpanSettings } from './span.ts';
export { isTracing, recordSpan, withSpan } from './span.ts';
export type { Telemetry, TelemetrySettings } from './telemetry.ts';
export { startTelemetry } from './telemetry.ts';
export type { Logger, LoggerSettings, LogLevel } from './logger.ts';
export { createLogger, logLevels, redactedFields } from './logger.ts';
export type { HttpRequestFacts, Metrics, PoolFacts } from './metrics.ts';
export { createMetrics } from './metrics.ts';
export type { ObservedDepartment } from './department-metrics.ts';
