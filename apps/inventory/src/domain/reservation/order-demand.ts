/** What is known of an order as far as stock matters: facts, in whatever order they came. Quantities are decimal texts. */
export interface OrderDemand {
  /** Whether its lines are known: a shipment can be told before them. */
  readonly placed: boolean;
  /** Where the order would like its goods from. */
  readonly location: string | null;
  readonly held: boolean;
  readonly cancelled: boolean;
  readonly lines: readonly DemandLine[];
  /** Those that took place. */
  readonly shipments: readonly DemandShipment[];
  readonly refunds: readonly DemandRefund[];
}

export interface DemandLine {
  readonly lineId: string;
  readonly item: string | null;
  /** As ordered, before refunds. */
  readonly quantity: string;
  /** Whether it is goods that need stock. */
  readonly stocked: boolean;
}

export interface DemandShipment {
  readonly id: string;
  readonly at: string;
  readonly location: string | null;
  readonly lines: readonly { readonly lineId: string; readonly item: string | null; readonly quantity: string }[];
}

export interface DemandRefund {
  readonly id: string;
  readonly at: string;
  readonly lines: readonly {
    readonly lineId: string;
    readonly item: string | null;
    readonly quantity: string;
    readonly restock: 'none' | 'cancel' | 'return';
    readonly location: string | null;
  }[];
}

export const noDemand: OrderDemand = {
  placed: false,
  location: null,
  held: false,
  cancelled: false,
  lines: [],
  shipments: [],
  refunds: [],
};
