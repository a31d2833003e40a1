/** What `/metrics` of a service says of its standing. */
export type ServiceFigures = {
  /** Records that it has not applied yet, and the age of the oldest. */
  readonly behind: number;
  readonly lagSeconds: number;
  /** Events that it has recorded and the log does not have yet. */
  readonly unsent: number;
  readonly parked: number;
  /** Reasons why its reading or writing stands still: log or database away. */
  readonly troubles: number;
  readonly memoryBytes: number;
};

/** Reads the text format of Prometheus; what is missing counts as 0. */
export function serviceFigures(metrics: string): ServiceFigures {
  const figures = { behind: 0, lagSeconds: 0, unsent: 0, parked: 0, troubles: 0, memoryBytes: 0 };
  for (const line of metrics.split('\n')) {
    const [, name, text] = sample.exec(line) ?? [];
    const value = Number(text);
    if (name === undefined || Number.isNaN(value)) continue;
    if (name === 'instep_consumer_lag_events') figures.behind += value;
    else if (name === 'instep_consumer_lag_seconds' || name === 'instep_outbox_oldest_seconds')
      figures.lagSeconds = Math.max(figures.lagSeconds, value);
    else if (name === 'instep_outbox_rows') figures.unsent += value;
    else if (name === 'instep_parked_records') figures.parked += value;
    else if (name === 'instep_troubles') figures.troubles = value;
    else if (name === 'process_resident_memory_bytes') figures.memoryBytes = value;
  }
  return figures;
}

const sample = /^(instep_(?:consumer_lag|outbox|parked)_\w+|instep_troubles|process_resident_memory_bytes)(?:\{.*\})? (\S+)/;
