import type { HoldReason, OrderContent, ReportStamp } from '@instep/contracts';
import type { Decimal } from '@instep/values';
import { zero } from '@instep/values';

import type { Refund, Shipment } from './order-event.ts';

/**
 * What has been announced of an order, and what is known beyond that. It is rewritten at every event, so it keeps figures and
 * fingerprints instead of titles, prices and people. Optional parts are left out until there is something to say.
 */
export interface OrderState {
  /** Absent while refunds and shipments wait for their order. */
  readonly placed?: Placed;
  readonly asOf?: ReportStamp;
  readonly lines: readonly Line[];
  readonly total: Decimal;
  readonly received: Decimal;
  readonly hold?: Hold;
  /** Items that somebody chose for lines without one, by line. */
  readonly assigned?: Readonly<Record<string, string>>;
  /** Hold codes that somebody accepted. */
  readonly accepted?: readonly string[];
  readonly refunds?: readonly KnownRefund[];
  readonly shipments?: readonly KnownShipment[];
  readonly confirmed: boolean;
  readonly missing?: readonly Missing[];
  readonly cancelled: boolean;
  readonly completed: boolean;
}

interface Placed {
  readonly channel: string;
  readonly channelOrderId: string | null;
  readonly number: string;
  readonly placedAt: string;
  readonly currency: string;
  /** Fingerprints of the head and of the content as announced last. */
  readonly head: string;
  readonly content: string;
}

export interface Line {
  readonly id: string;
  readonly item: string | null;
  readonly quantity: Decimal;
  readonly shippable: boolean;
  readonly giftCard?: boolean;
}

/** `content`: what is released when somebody mends the order by hand. */
interface Hold {
  readonly reasons: readonly HoldReason[];
  readonly content: OrderContent;
}

export interface Missing {
  readonly lineId: string;
  readonly item: string;
  readonly missing: string;
}

/** `told`: announced, as it is here. */
export interface KnownRefund {
  readonly refund: Refund;
  readonly told: boolean;
}

/** `told`: announced as shipped, as it is here. The tracking is kept only until then. */
export interface KnownShipment {
  readonly shipment: Omit<Shipment, 'tracking'> & { readonly tracking?: Shipment['tracking'] };
  readonly told: boolean;
}

export const initialOrder: OrderState = { lines: [], total: zero, received: zero, confirmed: false, cancelled: false, completed: false };
