import { kafkaLog } from '@instep/event-log-kafka';
import type { System } from '@instep/platform';

import { preciseNow } from './precise-now.ts';
import { deliverWebhooks } from './shop/deliver-webhooks.ts';
import { departmentsAt } from './shop/departments.ts';
import { runShop } from './shop/run-shop.ts';
import type { Snapshot } from './show/snapshot.ts';
import { rest, untilItWorks } from './waiting.ts';
import { LogFacts } from './watch/log-facts.ts';
import { Survey } from './watch/survey.ts';
import { watchLog, type LogWatch } from './watch/watch-log.ts';

export type ShopOptions = {
  readonly system: Pick<System, 'platform' | 'service' | 'services'>;
  /** The same seed makes the same choices. */
  readonly seed: number;
};

export type Shop = {
  /** Asks all departments how they stand. Never rejects. */
  look(): Promise<Snapshot>;
  /** What is known now, without asking. */
  snapshot(): Snapshot;
  /** Sends nothing more, gives what is under way a moment to arrive, and tells how all stand then. */
  close(): Promise<Snapshot>;
};

const webhookSecret = 'sample-secret'; // of the connection that every embedded system has
const arriveWithinMs = 1_500;
const lookAgainMs = 250;

/** A shop against a running system: it stocks up, hires, and lets orders come. Departments that are away do not end it. */
export function openShop({ system, seed }: ShopOptions): Shop {
  const over = new AbortController();
  const { signal } = over;
  const opened = Date.now();
  const departments = departmentsAt(system);
  const webhooks = deliverWebhooks(() => `${system.service('connectors').url}/webhooks/shopify/sample`, webhookSecret, signal);
  const survey = new Survey(departments);
  const facts = new LogFacts();
  const log = kafkaLog({ brokers: system.platform.brokers.split(','), clientId: 'sample-shop' });
  let watch: LogWatch | undefined;

  const running = (async () => {
    watch = await untilItWorks(() => watchLog(log, LogFacts.topics, (record) => facts.note(record, preciseNow())), signal);
    await untilItWorks(() => survey.countCustomers(), signal);
    await runShop({ departments, webhooks, facts, survey, seed, signal });
  })().catch(() => undefined); // only the signal ends it

  const snapshot = (): Snapshot => {
    const now = Date.now();
    return {
      clock: new Date(now).toLocaleTimeString('en-GB'),
      openMs: now - opened,
      seed,
      ...survey.known(facts.newCustomers),
      orders: facts.progress.counts,
      newestOrder: facts.newestOrder,
      latency: facts.latency.lastMinute(preciseNow()),
      services: system.services.map(({ name, url }) => ({ name, url, ...survey.stateOf(name, now) })),
      webhooks: webhooks.counts,
      logRead: watch?.reading ?? false,
    };
  };
  const look = async (): Promise<Snapshot> => {
    await survey.ask();
    return snapshot();
  };
  const arrived = async (): Promise<Snapshot> => {
    const until = Date.now() + arriveWithinMs;
    for (;;) {
      const last = await look();
      if (isInStep(last) || Date.now() > until) return last;
      await rest(lookAgainMs);
    }
  };

  return {
    snapshot,
    look,
    close: async () => {
      over.abort();
      await running;
      const last = await arrived();
      await watch?.stop();
      await log.close();
      return last;
    },
  };
}

function isInStep({ services }: Snapshot): boolean {
  return services.every(({ figures, awayMs }) => awayMs !== undefined || (figures?.behind === 0 && figures.unsent === 0));
}
