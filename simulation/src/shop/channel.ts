import { createHmac } from 'node:crypto';

import type { SampleOrder } from '@instep/testkit';

import type { OrderEvidence } from '../evidence.ts';
import type { Ground } from '../ground.ts';
import type { Random } from '../time/random.ts';
import type { Gateway } from './gateway.ts';
import type { LifeStep } from './order-life.ts';

interface Told {
  readonly steps: readonly LifeStep[];
  readonly acknowledged: Set<LifeStep>;
  deliveries: number;
}

const retryMs = { first: 500, most: 6_000 };

/** The shop's side of webhooks: sends each until it is answered with 200, some twice, some late, some before those that came before them. */
export class Channel {
  readonly #ground: Ground;
  readonly #random: Random;
  readonly #gateway: Gateway;
  readonly #orders = new Map<string, Told>();
  readonly #acknowledged: string[] = [];
  readonly #poisoned: string[] = [];
  #newestTold = new Map<string, number>();
  underWay = 0;
  #nextWebhook = 1;
  #again: number;
  #late: number;

  constructor(ground: Ground, gateway: Gateway) {
    this.#ground = ground;
    this.#gateway = gateway;
    this.#random = ground.random.split('channel');
    this.#again = ground.plan.webhookAgain;
    this.#late = ground.plan.webhookLate;
  }

  /** Nothing is late or sent again on purpose any more. */
  heal(): void {
    this.#again = 0;
    this.#late = 0;
  }

  tellOrder(steps: readonly LifeStep[]): void {
    const [first] = steps;
    if (!first) return;
    const told: Told = { steps, acknowledged: new Set(), deliveries: 0 };
    const orderId = orderIdOf(first.order);
    this.#orders.set(orderId, told);
    if (this.#random.chance(this.#ground.plan.poison)) this.#poison(steps);
    steps.forEach((step, index) => {
      void this.#deliver(step, () => {
        told.acknowledged.add(step);
        told.deliveries += 1;
        const newest = this.#newestTold.get(orderId) ?? -1;
        if (index < newest) this.#ground.coverage.count('webhook overtaken');
        this.#newestTold.set(orderId, Math.max(index, newest));
      });
    });
  }

  tell(topic: string, body: string, at: number): void {
    void this.#deliver({ topic, body, at }, () => undefined);
  }

  /** Tells of the order, somewhere in its life, what nobody can read: all that is told of it from then on has to wait. */
  #poison(steps: readonly LifeStep[]): void {
    const { at, order } = this.#random.pick(steps);
    const body = JSON.stringify({ id: order.state.settings.id, line_items: 'smudged' });
    void this.#deliver({ topic: 'orders/updated', body, at: at + 500 }, (webhookId) => this.#poisoned.push(webhookId));
  }

  get acknowledgedWebhooks(): readonly string[] {
    return this.#acknowledged;
  }

  get poisonedWebhooks(): readonly string[] {
    return this.#poisoned;
  }

  orders(): readonly OrderEvidence[] {
    return [...this.#orders].flatMap(([orderId, { steps, acknowledged, deliveries }]) => {
      const last = steps.findLast((step) => acknowledged.has(step));
      return last ? [{ orderId, acknowledged: last.order, complete: acknowledged.size === steps.length, deliveries }] : [];
    });
  }

  async #deliver(
    message: { readonly topic: string; readonly body: string; readonly at: number },
    acknowledged: (webhookId: string) => void,
  ): Promise<void> {
    this.underWay += 1;
    const { time, coverage } = this.#ground;
    const webhookId = `w-${String(this.#nextWebhook++)}`;
    const late = this.#random.chance(this.#late) ? this.#random.between(1_000, 15_000) : this.#random.below(300);
    await time.sleep(message.at + late - time.now());
    await this.#send(message, webhookId);
    acknowledged(webhookId);
    this.#acknowledged.push(webhookId);
    if (this.#random.chance(this.#again)) {
      await time.sleep(this.#random.between(10, 12_000));
      await this.#send(message, webhookId);
      acknowledged(webhookId);
      coverage.count('webhook acknowledged twice');
    }
    this.underWay -= 1;
  }

  /** Resolves when the edge says that it has it. */
  async #send(
    { topic, body, at }: { readonly topic: string; readonly body: string; readonly at: number },
    webhookId: string,
  ): Promise<void> {
    const { time, coverage, trace } = this.#ground;
    const webhook = { headers: headersOf(topic, body, webhookId, new Date(at).toISOString()), body: Buffer.from(body) };
    for (let tries = 0; ; tries += 1) {
      try {
        const received = await this.#gateway.ask('connectors', 'webhook', (process) => process.receive(webhook));
        if (received.kind === 'taken') return;
        throw new Error(`the edge did not take ${topic}: ${received.kind}`);
      } catch (error) {
        trace.note('webhook not taken', webhookId, topic, (error as Error).message);
        coverage.count('webhook delivered again');
        await time.sleep(Math.min(retryMs.first * 2 ** tries, retryMs.most));
      }
    }
  }
}

function orderIdOf(order: SampleOrder): string {
  return `sample:${String(order.state.settings.id)}`;
}

function headersOf(topic: string, body: string, webhookId: string, triggeredAt: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-shopify-topic': topic,
    'x-shopify-hmac-sha256': createHmac('sha256', 'sample-secret').update(body).digest('base64'),
    'x-shopify-shop-domain': 'sample.myshopify.com',
    'x-shopify-api-version': '2026-07',
    'x-shopify-webhook-id': webhookId,
    'x-shopify-event-id': `e-${webhookId}`,
    'x-shopify-triggered-at': triggeredAt,
  };
}
