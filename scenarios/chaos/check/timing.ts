import type { Company } from '../../src/company.ts';
import type { SoldOrder } from '../load/open-load.ts';

/** How long from the first webhook of an order until its payment is in the ledger, and how soon that was well again. */
export interface Timing {
  /** Milliseconds at the 99th percentile; undefined without orders. */
  readonly p99Before: number | undefined;
  readonly p99During: number | undefined;
  readonly p99After: number | undefined;
  /** Seconds from the end of the fault until the first order that was sent after it was booked. */
  readonly firstSuccessSeconds: number | undefined;
  /** Seconds from the end of the fault until orders were booked as quickly as before: nothing waits any more. */
  readonly lagZeroSeconds: number | undefined;
}

/** Milliseconds since 1970. */
export interface FaultTimes {
  readonly began: number;
  readonly ended: number;
}

/** An order that is booked no later than this counts as without delay. */
const promptMs = 1_000;
/** Orders sent so shortly before a fault feel it already. */
const marginMs = 1_000;

export async function timingOf(company: Company, orders: readonly SoldOrder[], times: FaultTimes): Promise<Timing> {
  return timingFrom(orders, await bookedAt(company, orders), times);
}

type Timed = Pick<SoldOrder, 'id' | 'sentAt' | 'kind'>;

/** `booked`: when each order's payment was recorded, milliseconds since 1970. */
export function timingFrom(orders: readonly Timed[], booked: ReadonlyMap<string, number>, { began, ended }: FaultTimes): Timing {
  const latencies = orders.flatMap(({ id, sentAt, kind }) => {
    const at = booked.get(id);
    // Orders that are paid later say nothing about the way of the first webhook.
    return at === undefined || kind.name === 'edited' ? [] : [{ sentAt, at, ms: at - sentAt }];
  });
  const p99Before = p99(latencies.filter(({ sentAt }) => sentAt < began - marginMs).map(({ ms }) => ms));
  const prompt = Math.max(promptMs, 2 * (p99Before ?? 0));
  const late = latencies.filter(({ sentAt, ms }) => sentAt > began - marginMs && ms > prompt).map(({ at }) => at);
  const first = Math.min(...latencies.filter(({ sentAt }) => sentAt >= ended).map(({ at }) => at));
  return {
    p99Before,
    p99During: p99(latencies.filter(({ sentAt }) => sentAt >= began - marginMs && sentAt < ended).map(({ ms }) => ms)),
    p99After: p99(latencies.filter(({ sentAt }) => sentAt >= ended).map(({ ms }) => ms)),
    firstSuccessSeconds: Number.isFinite(first) ? Math.max(0, first - ended) / 1_000 : undefined,
    lagZeroSeconds: Math.max(0, Math.max(0, ...late.map((at) => at - ended))) / 1_000,
  };
}

async function bookedAt(company: Company, orders: readonly SoldOrder[]): Promise<ReadonlyMap<string, number>> {
  const rows = await company.query<{ order_id: string; ms: string }>(
    'finance',
    `SELECT order_id, (extract(epoch FROM min(recorded_at)) * 1000)::bigint::text AS ms FROM journal_line
     WHERE kind = 'payment' AND order_id = ANY ($1) GROUP BY order_id`,
    [orders.map(({ id }) => id)],
  );
  return new Map(rows.map(({ order_id, ms }) => [order_id, Number(ms)]));
}

function p99(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))];
}
