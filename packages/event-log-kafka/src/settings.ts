import type { SASLOptions } from 'kafkajs';
import type { ConnectionOptions } from 'node:tls';

export interface KafkaConnection {
  /** `host:port` of one or more brokers to begin with. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** TLS: `true`, or the options of `tls.connect`. */
  readonly ssl?: boolean | ConnectionOptions;
  readonly sasl?: SASLOptions;
  readonly logger?: KafkaLogger;
}

export interface KafkaLogSettings extends KafkaConnection {
  /**
   * How long the group waits for a member that fell silent before its partitions go to others. Default 6,000, which is the least a broker
   * takes by default (`group.min.session.timeout.ms`). Keep statement and lock time-outs of slice handlers below it.
   */
  readonly sessionTimeoutMs?: number;
  /**
   * Least time between two fetches from one broker. Default 5: at low load it gathers what arrives close together into one slice, and costs
   * at most this much latency. 0 fetches as often as records come.
   */
  readonly fetchIntervalMs?: number;
  /** Slices of one consumption that may be under way at once, each of another partition. Default 4. */
  readonly slicesAtOnce?: number;
  /** How long `append` tries before it rejects with `LogUnavailable`. Default 15,000. */
  readonly appendTimeoutMs?: number;
  /** How long a first join may take before `consume` rejects with `LogUnavailable`. Default 30,000. */
  readonly joinTimeoutMs?: number;
  /** A slice handler or poll loop that has not moved for so long ends the consumption (`onCrash`). Default 60,000. */
  readonly stuckAfterMs?: number;
  /** A topic that the log denies for so long was deleted: the consumption ends with `UnknownTopic`. Default 30,000. */
  readonly goneAfterMs?: number;
}

/** Where the adapter says what it meets. Fields hold no keys and no values of records. */
export interface KafkaLogger {
  info(message: string, fields: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
}

export const silent: KafkaLogger = { info: () => {}, warn: () => {}, error: () => {} };
