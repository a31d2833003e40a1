import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';

import { currentTraceparent, traceIdOf } from './traceparent.ts';

export type { Logger } from 'pino';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

export const logLevels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** Fields that are never written, on their own or one level down: personal data and secrets. */
export const redactedFields: readonly string[] = [
  'personal',
  'email',
  'phone',
  'firstName',
  'lastName',
  'address',
  'billingAddress',
  'shippingAddress',
  'password',
  'secret',
  'secrets',
  'token',
  'accessToken',
  'authorization',
  'cookie',
  'signature',
  'databaseUrl',
  'connectionString',
  'sasl',
  'body',
];

export interface LoggerSettings {
  readonly service: string;
  readonly level: LogLevel;
  /** Default: stdout. */
  readonly destination?: DestinationStream;
}

/**
 * One JSON object per line: time, level, service, trace id of the work at hand, message, and the fields given. Bind the keys of the business
 * with `logger.child({ tenant, orderId })`.
 */
export function createLogger({ service, level, destination }: LoggerSettings): Logger {
  const options = {
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: redactedFields.flatMap((field) => [field, `*.${field}`]), censor: '[redacted]' },
    mixin: () => {
      const traceparent = currentTraceparent();
      return traceparent === undefined ? {} : { traceId: traceIdOf(traceparent) };
    },
  };
  // Written before the call returns, so that lines stand in the order they were told, and the last one before the process ends is never lost
  // or overtaken: pino's own default hands a write to another thread and writes a fatal line itself, past the one that is still under way.
  return pino(options, destination ?? pino.destination({ sync: true }));
}
