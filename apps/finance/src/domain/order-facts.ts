import type { Decimal } from '@instep/values';

/** What finance needs to know of an order, in the shop's currency: facts as they stand now, in whatever order they came. */
export interface OrderFacts {
  readonly currency: string;
  /** Test orders never reach the ledger. */
  readonly test: boolean;
  readonly lines: Readonly<Record<string, LineFacts>>;
  readonly charges: ChargeFacts;
  /** Captured so far, gross of refunds. */
  readonly received: Decimal;
  /** Quantity per line, by shipment id. */
  readonly shipments: Readonly<Record<string, Readonly<Record<string, Decimal>>>>;
  readonly refunds: Readonly<Record<string, RefundFacts>>;
}

/** As ordered after edits, before refunds: amounts are for the whole quantity, net is without tax. */
export interface LineFacts {
  readonly quantity: Decimal;
  readonly net: Decimal;
  readonly tax: Decimal;
  readonly giftCard: boolean;
}

export interface ChargeFacts {
  readonly shipping: Decimal;
  readonly dutiesAndFees: Decimal;
  readonly tip: Decimal;
  /** Cash rounding and what the channel's figures do not explain. */
  readonly rounding: Decimal;
  /** Tax on shipping, duties and fees. */
  readonly tax: Decimal;
  /** Tax in the total that the channel pays to the state itself. */
  readonly channelTax: Decimal;
}

export interface RefundFacts {
  readonly lines: Readonly<Record<string, RefundedLine>>;
  readonly shippingNet: Decimal;
  readonly shippingTax: Decimal;
  readonly adjustmentNet: Decimal;
  readonly adjustmentTax: Decimal;
  /** Money that went back. */
  readonly money: Decimal;
  /** How many units of a line were treated how. Absent until told; units not named are not back. */
  readonly goods?: Readonly<Record<string, Readonly<Partial<Record<GoodsBack, Decimal>>>>>;
}

export interface RefundedLine {
  readonly quantity: Decimal;
  readonly net: Decimal;
  readonly tax: Decimal;
}

export type GoodsBack = 'none' | 'cancel' | 'return';
