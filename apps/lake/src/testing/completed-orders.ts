import { sampleLake, type SampleLake } from './lake-in-memory.ts';
import { sampleRecord } from './sample-records.ts';

/** A lake of one partition with so many completed orders. */
export async function lakeOfCompletedOrders(count = 50): Promise<SampleLake> {
  const lake = sampleLake({ orders: 1 });
  await lake.append(
    'orders',
    0,
    Array.from({ length: count }, (_, n) => sampleRecord(n)),
  );
  await lake.export();
  return lake;
}
