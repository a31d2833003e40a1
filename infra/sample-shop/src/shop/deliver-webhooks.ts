import { setTimeout as pause } from 'node:timers/promises';
import { shopifyWebhook } from '@instep/testkit';

export type Webhook = {
  readonly topic: string;
  readonly body: string;
  readonly webhookId: string;
  /** Was taken before. */
  readonly repeated?: boolean;
};

export type WebhookCounts = {
  /** New orders among those taken; a repeated one counts once. */
  readonly orders: number;
  readonly taken: number;
  readonly refused: number;
  /** Without an answer so far, and sent again. */
  readonly waiting: number;
};

export type Webhooks = {
  /** Resolves when the receiver has taken it, or has refused it for good; waits and sends again while it cannot answer. */
  deliver(webhook: Webhook): Promise<void>;
  readonly counts: WebhookCounts;
};

const answerWithinMs = 5_000; // then Shopify hangs up
const firstPauseMs = 500;
const longestPauseMs = 8_000;

/** Sends signed webhooks to `url()` as Shopify does: with the same id again until the answer is 2xx. Ends with `signal`. */
export function deliverWebhooks(url: () => string, secret: string, signal: AbortSignal): Webhooks {
  const counts = { orders: 0, taken: 0, refused: 0, waiting: 0 };

  async function attempt(init: RequestInit): Promise<'taken' | 'refused' | 'again'> {
    try {
      const response = await fetch(url(), { ...init, signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]) });
      await response.body?.cancel();
      if (response.ok) return 'taken';
      return response.status >= 500 || response.status === 429 ? 'again' : 'refused';
    } catch {
      return 'again'; // nobody listens, or no answer in time
    }
  }

  async function again(init: RequestInit): Promise<'taken' | 'refused'> {
    counts.waiting += 1;
    try {
      for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
        await pause(pauseMs, undefined, { signal });
        const outcome = await attempt(init);
        if (outcome !== 'again') return outcome;
      }
    } finally {
      counts.waiting -= 1;
    }
  }

  return {
    counts,
    async deliver({ topic, body, webhookId, repeated = false }) {
      const init = { method: 'POST', ...shopifyWebhook({ topic, body, secret, webhookId }) };
      const first = await attempt(init);
      const outcome = first === 'again' ? await again(init) : first;
      counts[outcome] += 1;
      if (outcome === 'taken' && topic === 'orders/create' && !repeated) counts.orders += 1;
    },
  };
}
