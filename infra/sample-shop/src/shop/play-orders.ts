import { setTimeout as pause } from 'node:timers/promises';
import type { SampleOrder } from '@instep/testkit';

import type { Chance } from './chance.ts';
import type { Webhook } from './deliver-webhooks.ts';
import { chooseLife, type Life, type Step } from './order-life.ts';

export type Play = {
  readonly chance: Chance;
  /** Orders per second, on average. */
  readonly rate: number;
  deliver(webhook: Webhook): Promise<void>;
  /** Whether so many webhooks wait for an answer that no new orders should come. */
  isJammed(): boolean;
  isConfirmed(orderId: string): boolean;
  release(order: SampleOrder, line: number): Promise<void>;
  /** Just before a webhook goes out. */
  sending(order: SampleOrder, life: Life): void;
  readonly signal: AbortSignal;
};

type News = Extract<Step, { kind: 'webhook' }>;

const longestPauseMs = 3_000;
const askAgainMs = 1_000;
/** The shop does not wait for stock for ever. */
const patienceMs = 300_000;

/** Lets orders come in at irregular moments and live their lives. Rejects when `signal` ends it. */
export async function playOrders(play: Play): Promise<never> {
  const { chance, rate, signal } = play;
  const first = Date.now();
  for (let count = 0; ; count += 1) {
    // Ids follow the clock, faster than orders come, so they never repeat.
    const now = Math.max(Date.now(), first + count);
    const life = chooseLife(chance, { id: first + count, number: (Math.floor(first / 100) % 10_000_000) + count, placedAt: iso(now) });
    void live(play, life).catch(() => undefined); // ended by the signal
    const gapMs = Math.min((-Math.log(1 - chance.next()) * 1_000) / rate, longestPauseMs);
    await pause(gapMs, undefined, { signal });
    while (play.isJammed()) await pause(askAgainMs, undefined, { signal });
  }
}

async function live(play: Play, life: Life): Promise<void> {
  const { signal } = play;
  let order = life.order;
  let late: (() => Promise<void>) | undefined;
  for (const [index, step] of life.steps.entries()) {
    await pause(step.afterMs, undefined, { signal });
    if (step.kind === 'release') {
      await play.release(order, step.line);
      continue;
    }
    if (step.onceConfirmed && !(await waitForConfirmation(play, orderIdOf(order)))) return;
    order = step.change(order, laterThan(order.state.updatedAt));
    const now = order;
    const send = () => tell(play, life, now, step, index);
    if (step.delivery === 'late') {
      late = send;
      continue;
    }
    await send();
    await late?.();
    late = undefined;
  }
}

async function tell(play: Play, life: Life, order: SampleOrder, step: News, index: number): Promise<void> {
  const webhook = { topic: step.topic, body: step.body(order), webhookId: `${order.state.settings.id}-${index}` };
  play.sending(order, life);
  await play.deliver(webhook);
  if (step.delivery === 'twice') await play.deliver({ ...webhook, repeated: true });
}

async function waitForConfirmation({ isConfirmed, signal }: Play, orderId: string): Promise<boolean> {
  const until = Date.now() + patienceMs;
  while (!isConfirmed(orderId)) {
    if (Date.now() > until) return false;
    await pause(askAgainMs, undefined, { signal });
  }
  return true;
}

/** As the departments call it. */
export function orderIdOf(order: SampleOrder): string {
  return `sample:${order.state.settings.id}`;
}

/** Now, but at least a second later: reports are told apart by whole seconds. */
function laterThan(at: string): string {
  return iso(Math.max(Date.now(), Date.parse(at) + 1_000));
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
