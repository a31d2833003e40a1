import type { OrderContent, OrderHead, ReportStamp } from '@instep/contracts';
import type { Decimal } from '@instep/values';

import { compareInstants } from './instant.ts';

/** An order as its channel had it at one moment. */
export interface Snapshot {
  readonly stamp: ReportStamp;
  readonly channel: string;
  readonly channelOrderId: string | null;
  readonly head: OrderHead;
  readonly content: OrderContent;
  /** Shop currency, gross of refunds. */
  readonly received: Decimal;
}

export interface Cancellation {
  readonly at: string;
  readonly reason: string | null;
}

export function isNewer(stamp: ReportStamp, known: ReportStamp | undefined): boolean {
  if (known === undefined) return true;
  const byTime = compareInstants(stamp.at, known.at);
  return byTime === 0 ? stamp.tie > known.tie : byTime > 0;
}
