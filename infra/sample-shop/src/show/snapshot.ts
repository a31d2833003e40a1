import type { ServiceName } from '@instep/contracts';

import type { WebhookCounts } from '../shop/deliver-webhooks.ts';
import type { Books } from '../watch/books.ts';
import type { Latency } from '../watch/ledger-latency.ts';
import type { OrderCounts } from '../watch/order-progress.ts';
import type { ServiceFigures } from '../watch/service-figures.ts';

export type ServiceState = {
  readonly name: ServiceName;
  readonly url: string;
  /** The last that is known. */
  readonly figures: ServiceFigures | undefined;
  readonly awayMs: number | undefined;
};

/** All that is shown, at one moment. What nobody could tell yet is undefined. */
export type Snapshot = {
  readonly clock: string;
  readonly openMs: number;
  readonly seed: number;
  readonly orders: OrderCounts;
  readonly customers: { readonly count: number; readonly more: boolean } | undefined;
  readonly stock: { readonly onHand: number; readonly reserved: number } | undefined;
  readonly books: readonly Books[] | undefined;
  readonly latency: Latency | undefined;
  readonly services: readonly ServiceState[];
  readonly webhooks: WebhookCounts;
  readonly logRead: boolean;
  readonly newestOrder: string | undefined;
};
