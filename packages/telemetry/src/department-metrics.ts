import { Counter, Gauge, type Registry } from 'prom-client';

/** What a department says of itself (`Department.status()` of `@instep/department`, which builds on this package). */
export interface ObservedDepartment {
  status(): {
    readonly consuming: boolean;
    readonly troubles: readonly string[];
    readonly partitions: readonly ObservedPartition[];
    readonly outboxRows: number;
    readonly outboxOldestSeconds: number;
    readonly parkedKeys: number;
    readonly parkedRecords: number;
    readonly counters: Readonly<Record<string, number>>;
  };
}

interface ObservedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly nextOffset: number;
  readonly logEnd: number;
  readonly lagSeconds: number;
  readonly state: string;
}

/** Registers gauges and counters that read the department's status when they are collected. */
export function observeDepartment(registry: Registry, department: ObservedDepartment): void {
  const registers = [registry];
  const gauge = (name: string, help: string, value: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  };
  gauge('instep_consuming', '1 while the consumer is in its group and its poll loop turns.', () => (department.status().consuming ? 1 : 0));
  gauge('instep_troubles', 'Reasons why reading or writing stands still.', () => department.status().troubles.length);
  gauge('instep_outbox_rows', 'Events recorded and not yet acknowledged by the log.', () => department.status().outboxRows);
  gauge('instep_outbox_oldest_seconds', 'Age of the oldest event that waits in the outbox.', () => department.status().outboxOldestSeconds);
  gauge(
    'instep_parked_keys',
    'Keys that stand still because one of their records could not be applied.',
    () => department.status().parkedKeys,
  );
  gauge('instep_parked_records', 'Records parked, followers included.', () => department.status().parkedRecords);

  const perPartition = (name: string, help: string, value: (partition: ObservedPartition) => number): void => {
    new Gauge({
      name,
      help,
      labelNames: ['topic', 'partition'],
      registers,
      collect() {
        this.reset(); // partitions of other members are theirs to report
        for (const partition of department.status().partitions)
          this.set({ topic: partition.topic, partition: partition.partition }, value(partition));
      },
    });
  };
  perPartition('instep_consumer_lag_events', 'Records of the partition that are not applied yet.', ({ logEnd, nextOffset }) =>
    Math.max(0, logEnd - nextOffset),
  );
  perPartition('instep_consumer_lag_seconds', 'Age of the oldest record that is not applied yet.', ({ lagSeconds }) => lagSeconds);
  perPartition('instep_consumer_standing', '1 while the partition is paused or stopped.', ({ state }) => (state === 'reading' ? 0 : 1));

  new Counter({
    name: 'instep_department_total',
    help: 'What the department did since the process started, by kind.',
    labelNames: ['what'],
    registers,
    collect() {
      this.reset();
      for (const [what, total] of Object.entries(department.status().counters)) this.inc({ what }, total);
    },
  });
}
