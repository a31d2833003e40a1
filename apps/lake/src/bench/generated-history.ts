import { UnknownTopic, type EventLog } from '@instep/event-log';

import { eventsOf, type OrderStory } from '../testing/sample-story.ts';
import { PackedRecords } from './packed-records.ts';

const items = 40;
const partitions = 3;
const first = Date.UTC(2025, 10, 1);
const hour = 3_600_000;

/** Order number `n` of a shop with 40 items, three channels and customers that come back; always the same. */
function storyOf(n: number): OrderStory {
  const die = (sides: number, salt: number): number => mixed(n * 31 + salt) % sides;
  const item = die(items, 1);
  return {
    orderId: `shop:${1_000_000 + n}`,
    channel: ['web', 'pos', 'market'][die(3, 2)] ?? 'web',
    placedAt: first + n * 20_000,
    item: `ITEM-${String(item).padStart(2, '0')}`,
    quantity: 1 + die(3, 3),
    priceCents: 995 + item * 450,
    costCents: 400 + item * 200,
    customer: die(20, 4) === 0 ? null : `c${die(1 + Math.floor(n / 3), 5)}`,
    ...(die(25, 6) !== 0 && { paidAfterMs: die(48, 7) * hour }),
    ...(die(30, 8) !== 0 && { shippedAfterMs: (2 + die(60, 9)) * hour }),
    ...(die(18, 10) === 0 && { refundedAfterMs: (80 + die(200, 11)) * hour }),
    short: die(15, 12) === 0,
  };
}

/** Spreads a number over 32 bits: murmur3's last step. */
function mixed(n: number): number {
  let h = Math.imul(n ^ (n >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** About `count` events of orders, as they would lie in the log: numbered, three partitions a topic. */
export function generateHistory(
  count: number,
  onProgress: (made: number) => void,
): EventLog & { readonly records: number; readonly bytes: number } {
  const topics = new Map<string, readonly PackedRecords[]>();
  let made = 0;
  let bytes = 0;
  for (let n = 0; made < count; n += 1) {
    for (const { topic, record } of eventsOf(storyOf(n))) {
      const all = topics.get(topic) ?? Array.from({ length: partitions }, (_, partition) => new PackedRecords({ topic, partition }));
      topics.set(topic, all);
      all[n % partitions]?.push({ ...record, timestamp: first + n * 20_000 });
      made += 1;
      bytes += record.value.length;
    }
    if (n % 5_000 === 0) onProgress(made);
  }
  return { ...logOver(topics), records: made, bytes };
}

/** Only what an export asks. */
function logOver(topics: ReadonlyMap<string, readonly PackedRecords[]>): EventLog {
  const refuse = (): never => {
    throw new Error('this log is only read');
  };
  const of = (topic: string): readonly PackedRecords[] => {
    const found = topics.get(topic);
    if (!found) throw new UnknownTopic(`no topic ${topic}`);
    return found;
  };
  return {
    append: refuse,
    consume: refuse,
    partitionFor: refuse,
    close: () => Promise.resolve(),
    bounds: (topic) => Promise.resolve(of(topic).map((records, partition) => ({ partition, first: 0, next: records.length }))),
    read: async function* ({ topic, partition }, from, to) {
      yield* of(topic)[partition]?.read(from, to) ?? [];
    },
  };
}
