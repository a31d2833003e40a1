/** How long and how much. */
export interface Plan {
  readonly warmUpOrders: number;
  readonly rates: readonly { readonly perSecond: number; readonly seconds: number }[];
  readonly flood: { readonly orders: number; readonly atOnce: number };
  /** Of another flood, in which the services are sampled. */
  readonly sampledOrders: number;
  readonly idleSeconds: number;
  readonly stockSeconds: number;
  readonly departmentSeconds: number;
  readonly limits: { readonly records: number; readonly rows: number };
}

/** Below five minutes on two cores. */
export const fullPlan: Plan = {
  warmUpOrders: 3_000,
  rates: [
    { perSecond: 100, seconds: 25 },
    { perSecond: 300, seconds: 25 },
  ],
  flood: { orders: 9_000, atOnce: 64 },
  sampledOrders: 4_000,
  idleSeconds: 10,
  stockSeconds: 18,
  departmentSeconds: 25,
  limits: { records: 300_000, rows: 200_000 },
};

/** About a minute and a half; its figures are rougher. */
export const quickPlan: Plan = {
  warmUpOrders: 1_500,
  rates: [
    { perSecond: 100, seconds: 8 },
    { perSecond: 300, seconds: 8 },
  ],
  flood: { orders: 3_000, atOnce: 64 },
  sampledOrders: 1_500,
  idleSeconds: 5,
  stockSeconds: 8,
  departmentSeconds: 12,
  limits: { records: 100_000, rows: 50_000 },
};
