/** The load generator, a process of its own: sends signed webhooks as it is told and answers with the times. */
import { setTimeout as pause } from 'node:timers/promises';

import { shopifyWebhook } from '@instep/testkit';
import { Pool } from 'undici';

import { channel, OrderBodies } from './order-bodies.ts';
import type { LoadOrder, LoadResult } from './load-messages.ts';

const [origin = ''] = process.argv.slice(2);
const bodies = new OrderBodies();
const pool = new Pool(origin, { connections: 128, pipelining: 1 });

process.on('message', (order: LoadOrder) => {
  void run(order).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit(0));

async function run(order: LoadOrder): Promise<LoadResult> {
  const { from, count } = order;
  const sent = Array.from({ length: count }, () => 0);
  const answerMs = Array.from({ length: count }, () => 0);
  let refused = 0;

  async function send(at: number, countsFrom: number): Promise<void> {
    sent[at] = countsFrom;
    const { body, headers } = shopifyWebhook({ topic: 'orders/create', body: bodies.body(from + at), secret: 'sample-secret' });
    try {
      const answer = await pool.request({ method: 'POST', path: `/webhooks/shopify/${channel}`, headers, body });
      await answer.body.dump();
      if (answer.statusCode !== 200) refused += 1;
    } catch {
      refused += 1;
    }
    answerMs[at] = now() - countsFrom;
  }

  const begun = now();
  if (order.kind === 'rate') await atRate(order.perSecond, count, send);
  else await asMuchAsGoesIn(order.atOnce, count, send);
  return { begun, ended: now(), sent, answerMs, refused };
}

/** At planned times, whether or not earlier ones have been answered; each counts from its planned time, so lateness is never hidden. */
async function atRate(perSecond: number, count: number, send: (at: number, planned: number) => Promise<void>): Promise<void> {
  const begun = now();
  const all: Promise<void>[] = [];
  while (all.length < count) {
    for (
      let due = begun + (all.length * 1_000) / perSecond;
      all.length < count && due <= now();
      due = begun + (all.length * 1_000) / perSecond
    ) {
      all.push(send(all.length, due));
    }
    await pause(1);
  }
  await Promise.all(all);
}

async function asMuchAsGoesIn(atOnce: number, count: number, send: (at: number, planned: number) => Promise<void>): Promise<void> {
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < count) await send(next++, now());
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

/** Milliseconds since 1970 with fractions: one clock for all processes of the machine. */
function now(): number {
  return performance.timeOrigin + performance.now();
}
