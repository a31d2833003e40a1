import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { shopifyWebhook } from '@instep/testkit';

import { Turns } from './turns.ts';
import { kindFor, plainKind, type OrderKind, type PlannedReport } from './order-kinds.ts';
import { channels, isScarce, itemFor, scarceItem, type Channel } from './shelf.ts';

export interface LoadSettings {
  /** Orders a second, whether or not earlier ones were answered. */
  readonly perSecond: number;
  /** How often each webhook is sent, with the same id. */
  readonly times: number;
  /** Webhooks are held back for up to so long, each by itself: they come late and out of order. */
  readonly lateMs: number;
}

export interface SoldOrder {
  readonly id: string;
  readonly kind: OrderKind;
  readonly item: string;
  readonly channel: Channel;
  /** Milliseconds since 1970: when its first webhook should have been sent. */
  readonly sentAt: number;
  /** When the first webhook was answered with 200; undefined as long as it was not. */
  acknowledgedAt: number | undefined;
}

export interface Load {
  readonly orders: readonly SoldOrder[];
  readonly counts: { readonly delivered: number; readonly refused: number; readonly failed: number };
  /** Webhooks that are not yet answered with 200. */
  readonly open: number;
  /** Sends no new orders. Resolves when every webhook of those that are there is taken, or when the time is over. */
  stop(deadlineMs: number): Promise<void>;
}

export const usualLoad: LoadSettings = { perSecond: 50, times: 1, lateMs: 0 };

const secret = 'sample-secret';
const answerWithinMs = 5_000;
/** Later reports of an order follow the first after up to so long. */
const lifeMs = 4_000;
const retryMs = { first: 100, most: 4_000 };
/** Requests under way at once: an edge that is away must not keep this process busy with asking. */
const mostRequests = 64;

/** A few shops that send signed webhooks at a steady rate, and each one again until it is answered with 200, as Shopify does. */
export function startLoad(edge: () => string, settings: LoadSettings, random: () => number): Load {
  const orders: SoldOrder[] = [];
  const counts = { delivered: 0, refused: 0, failed: 0 };
  const over = new AbortController();
  let open = 0;
  const closing = new AbortController();
  const turns = new Turns(mostRequests);

  async function deliver({ topic, body }: PlannedReport, channel: Channel, webhookId: string): Promise<void> {
    const { headers } = shopifyWebhook({ topic, body, secret, webhookId });
    for (let wait = retryMs.first; !over.signal.aborted; wait = Math.min(retryMs.most, wait * 2)) {
      const status = await turns.take(() => send(`${edge()}/webhooks/shopify/${channel.connection}`, body, headers));
      if (status === 200) {
        counts.delivered += 1;
        return;
      }
      if (status === undefined) counts.failed += 1;
      else counts.refused += 1;
      await sleep(wait * (0.5 + random() / 2), over.signal);
    }
  }

  async function sell(sentAt: number): Promise<void> {
    const scarce = isScarce(random());
    const kind = scarce ? plainKind : kindFor(random());
    const item = scarce ? scarceItem : itemFor(random(), random());
    const channel = channels[Math.floor(random() * channels.length)] ?? channels[0];
    const { order, reports } = kind.reports(item);
    const sold: SoldOrder = {
      id: `${channel.connection}:${String(order.state.settings.id)}`,
      kind,
      item,
      channel,
      sentAt,
      acknowledgedAt: undefined,
    };
    orders.push(sold);
    const deliveries = reports.flatMap((report, at) => {
      const webhookId = randomUUID();
      return Array.from({ length: settings.times }, async (_, copy) => {
        const after = at === 0 && copy === 0 ? 0 : at === 0 ? random() * lifeMs : (at - 1 + random()) * (lifeMs / reports.length) + 300;
        open += 1;
        await sleep(after + random() * settings.lateMs, over.signal);
        if (!over.signal.aborted) await deliver(report, channel, webhookId);
        open -= 1;
        if (at === 0 && !over.signal.aborted) sold.acknowledgedAt ??= Date.now();
      });
    });
    await Promise.all(deliveries);
  }

  const all = new Set<Promise<void>>();
  const running = (async () => {
    const begun = Date.now();
    for (let n = 0; !closing.signal.aborted; n += 1) {
      const due = begun + (n * 1_000) / settings.perSecond;
      if (due > Date.now()) await sleep(due - Date.now(), over.signal);
      const one = sell(due).finally(() => all.delete(one));
      all.add(one);
    }
  })();

  return {
    orders,
    counts,
    get open() {
      return open;
    },
    async stop(deadlineMs) {
      closing.abort();
      const deadline = setTimeout(() => over.abort(), deadlineMs);
      await running;
      await Promise.all(all);
      clearTimeout(deadline);
    },
  };
}

async function send(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<number | undefined> {
  try {
    const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(answerWithinMs) });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return undefined;
  }
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await pause(Math.max(0, ms), undefined, { signal }).catch(() => undefined);
}
