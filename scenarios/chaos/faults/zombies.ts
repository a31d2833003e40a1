import type { ServiceName } from '@instep/contracts';

import { isFrozen } from '../ground/processes.ts';
import type { Fault } from '../run/fault.ts';

/** Longer than the session time-out of a member (6 s), so that its partitions go to the other process. */
const takenOverAfterSeconds = 12;

/** By then the database has answered what the process was about to do when it froze. */
const commitAnsweredWithinSeconds = 3;

/**
 * A process freezes itself at a named moment in mid-work (with a signal from outside that moment is hardly ever hit), another takes over, and the
 * first wakes up and thinks that it is still in charge.
 */
function zombie(id: string, title: string, service: ServiceName, moment: string): Fault {
  return {
    id,
    title,
    ground: 'one-broker',
    run: async (scene) => {
      await scene.supervisor.restart(service, { INSTEP_FAILPOINT: `${moment}:pause@20` });
      const first = scene.company.system.service(service);
      await scene.until(`${service} to freeze before ${moment}`, () => Promise.resolve(isFrozen(first.pid)));
      const twin = await scene.twin(service);
      await scene.seconds(takenOverAfterSeconds);
      await scene.until('the twin to have partitions', async () => (await partitionsOf(twin.url)) > 0);
      first.signal('SIGCONT');
      await scene.until('the one that was frozen to serve again or to end', async () => !first.running || (await isReady(first.url)));
      await scene.seconds(commitAnsweredWithinSeconds);
      const fenced = first.running ? await repeatedUnits(first.url) : 0;
      scene.note(first.running ? `${String(fenced)} writes fenced` : 'it ended by itself');
      await twin.stop();
    },
  };
}

export const zombieOfStock = zombie('zombie', 'a frozen process wakes up: inventory', 'inventory', 'store.commit:before');
export const zombieOfOrders = zombie('zombie-relay', 'a frozen process wakes up: order-intake', 'order-intake', 'log.append:before');

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
