import type { Platform } from '@instep/platform';

import { Child } from '../child.ts';
import { figure, textTable } from '../figures/text-table.ts';
import type { ReadOrder, ReadResult } from '../read-model/messages.ts';

export interface Race {
  readonly stock: ReadResult;
  readonly department: ReadResult;
}

/** Reads the topic `orders` from its beginning in the stock way, then in ours: each alone, into a fresh database, as a fresh group. */
export async function race(
  platform: Platform,
  events: number,
  plan: { readonly stockSeconds: number; readonly departmentSeconds: number },
): Promise<Race> {
  const stock = await read(platform, 'stock', { events, seconds: plan.stockSeconds });
  const department = await read(platform, 'department', { events, seconds: plan.departmentSeconds });
  return { stock, department };
}

async function read(platform: Platform, way: 'stock' | 'department', order: ReadOrder): Promise<ReadResult> {
  const reader = Child.start(`read-model/${way}`, [platform.brokers, await platform.createDatabase(`bench_${way}`)]);
  try {
    return await reader.ask<ReadResult>(order);
  } finally {
    await reader.stop();
  }
}

export function raceTable({ stock, department }: Race): string {
  const row = (name: string, { events, ms, cpuMs }: ReadResult): string[] => [
    name,
    events.toLocaleString('en'),
    figure(ms / 1_000),
    figure(rate({ events, ms, cpuMs })),
    figure(cpuMs / events),
  ];
  return textTable(
    ['read model of orders', 'events', 'seconds', 'events/s', 'CPU ms/event'],
    [
      row('NestJS Kafka transport, TypeORM save, inbox', stock),
      row('department runtime, the same rows as a view', department),
      [
        'ratio',
        '',
        '',
        `${figure(rate(department) / rate(stock))} x`,
        figure(department.cpuMs / department.events / (stock.cpuMs / stock.events)),
      ],
    ],
  );
}

function rate({ events, ms }: ReadResult): number {
  return (events * 1_000) / ms;
}
