import type { ServiceName } from '@instep/contracts';

import type { Fault } from '../run/fault.ts';

/** Longer than the session time-out of a member (6 s), so that its partitions go to the other process. */
const frozenSeconds = 12;

/** Two processes of a service; one is frozen in mid-work, the other takes over, and the first wakes up and thinks that it is still in charge. */
function zombie(id: string, title: string, service: ServiceName): Fault {
  return {
    id,
    title,
    ground: 'one-broker',
    run: async (scene) => {
      const twin = await scene.twin(service);
      // Both have partitions now. The one that was there first has the lease of the outbox too.
      await scene.until('the twin to have partitions', async () => (await partitionsOf(twin.url)) > 0);
      const first = scene.company.system.service(service);
      const before = await repeatedUnits(first.url);
      first.signal('SIGSTOP');
      await scene.seconds(frozenSeconds);
      first.signal('SIGCONT');
      await scene.until('the one that was frozen to serve again or to end', async () => !first.running || (await isReady(first.url)));
      scene.note(first.running ? `${String((await repeatedUnits(first.url)) - before)} writes fenced` : 'it ended by itself');
      await twin.stop();
    },
  };
}

export const zombieOfStock = zombie('zombie', 'a frozen process wakes up: inventory', 'inventory');
export const zombieOfOrders = zombie('zombie-relay', 'a frozen process wakes up: order-intake', 'order-intake');

async function isReady(url: string): Promise<boolean> {
  return (await fetch(`${url}/health/ready`)).ok;
}

async function partitionsOf(url: string): Promise<number> {
  return [...(await metricsOf(url)).matchAll(/^instep_consumer_lag_events\{/gm)].length;
}

/** Units of work that were refused because somebody else had written meanwhile. */
async function repeatedUnits(url: string): Promise<number> {
  return Number(/^instep_department_total\{what="unitsRepeated"[^}]*\} (\d+)/m.exec(await metricsOf(url))?.[1] ?? 0);
}

async function metricsOf(url: string): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}
