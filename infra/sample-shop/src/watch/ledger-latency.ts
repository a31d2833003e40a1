export type Latency = { readonly orders: number; readonly p50Ms: number; readonly p99Ms: number };

const windowMs = 60_000;
/** Time from the webhook that first brings money to the first journal of its order in the log. Times in milliseconds of one clock. */
export class LedgerLatency {
  readonly #sent = new Map<string, number>();
  #measured: { readonly at: number; readonly ms: number }[] = [];

  /** The first call for an order counts. */
  sent(orderId: string, at: number): void {
    if (!this.#sent.has(orderId)) this.#sent.set(orderId, at);
  }

  booked(orderId: string, at: number): void {
    const sent = this.#sent.get(orderId);
    if (sent === undefined || sent < 0) return;
    this.#sent.set(orderId, -1); // only its first journal counts, and it is kept so that a later webhook starts no new measurement
    this.#measured.push({ at, ms: at - sent });
  }

  lastMinute(now: number): Latency | undefined {
    this.#measured = this.#measured.filter(({ at }) => at > now - windowMs);
    const sorted = this.#measured.map(({ ms }) => ms).sort((a, b) => a - b);
    if (sorted.length === 0) return undefined;
    return { orders: sorted.length, p50Ms: percentile(sorted, 50), p99Ms: percentile(sorted, 99) };
  }
}

/** Smallest of the values that so many percent of them do not exceed; NaN of none. */
function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN;
}
