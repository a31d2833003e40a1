/** How long the edge tries before it asks the sender to come again. */
export const webhookPatience = {
  /** Where a webhook is given up: Shopify hangs up after five seconds. */
  deadlineMs: 4_000,
  /** How long a webhook is tried again while the log is unavailable, before its sender is asked to. */
  patienceMs: 1_000,
};
