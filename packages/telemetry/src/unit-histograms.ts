import { Histogram, type Registry } from 'prom-client';

export interface UnitFacts {
  /** To load, decide and commit. */
  readonly seconds: number;
  /** Records and requests. */
  readonly records: number;
  /** Per record applied: since the webhook or request that it goes back to was received at the edge. */
  readonly sinceReceived: readonly { readonly topic: string; readonly seconds: number }[];
}

/** How long units of work take, how large they are, and how long the way from the edge to here was. */
export function unitHistograms(registry: Registry): (unit: UnitFacts) => void {
  const registers = [registry];
  const unitSeconds = new Histogram({
    name: 'instep_unit_seconds',
    help: 'Time of one unit of work: load, decide, commit.',
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  const unitRecords = new Histogram({
    name: 'instep_unit_records',
    help: 'Records and requests in one unit of work.',
    buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000],
    registers,
  });
  const since = new Histogram({
    name: 'instep_since_received_seconds',
    help: 'From the receipt of the webhook or request at the edge until what it led to was applied here.',
    labelNames: ['topic'],
    buckets: [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300],
    registers,
  });
  return ({ seconds, records, sinceReceived }) => {
    unitSeconds.observe(seconds);
    unitRecords.observe(records);
    for (const each of sinceReceived) since.observe({ topic: each.topic }, each.seconds);
  };
}
