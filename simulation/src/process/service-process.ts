import { GroupCommit, receiveWebhook, sampleConnections, webhookPatience } from '@instep/connectors/edge';
import type { Received } from '@instep/connectors/edge';
import type { Department, DepartmentDefinition } from '@instep/department';
import { createDepartment } from '@instep/department';

import { simulatedLog } from '../log/simulated-log.ts';
import type { SimulatedLog } from '../log/simulated-log.ts';
import type { SimulatedDatabase } from '../store/simulated-database.ts';
import { simulatedStore } from '../store/simulated-store.ts';
import type { Ground } from '../ground.ts';
import { Life } from './life.ts';
import { clockOf, idsOf, runtimeLogOf } from './process-ports.ts';

export interface Webhook {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** One process of a service: the real department, and at the edge the real receiver, on ports that its life goes through. */
export class ServiceProcess {
  readonly name: string;
  readonly life: Life;
  readonly department: Department;
  readonly #log: SimulatedLog;
  readonly #receive: (webhook: Webhook) => Promise<Received>;
  state: 'starting' | 'up' | 'stopping' | 'ended' = 'starting';

  constructor(
    name: string,
    ground: Ground,
    definition: DepartmentDefinition,
    database: SimulatedDatabase,
    onCrash: (error: Error) => void,
  ) {
    this.name = name;
    this.life = new Life(name);
    const { life } = this;
    const { time, network, coverage, trace, broker, delivered } = ground;
    const random = ground.random.split(name);
    const skew = ground.plan.clockSkewMs;
    const clock = clockOf(time, life, skew === 0 ? 0 : random.between(-skew, skew));
    const ids = idsOf(clock, random.split('ids'));
    const parts = { life, network, time, random, coverage, trace };
    this.#log = simulatedLog({ ...parts, broker, delivered });
    this.department = createDepartment({
      definition,
      log: this.#log,
      store: simulatedStore({ ...parts, database }),
      clock,
      ids,
      runtimeLog: runtimeLogOf((level, message) => {
        trace.note(level, name, message);
        if (level === 'error') ground.alarm(`${name} said: ${message}`);
      }),
      onCrash,
    });
    const raw = new GroupCommit(this.#log, 'raw.shopify', webhookPatience, {
      now: () => clock.now(),
      soon: (task) => void time.after(0, () => life.run(task)),
      after: (ms, task) => time.after(ms, () => life.run(task)),
    });
    const receiver = { connections: sampleConnections, raw, ids: () => ids.next(), now: () => new Date(clock.now()) };
    this.#receive = ({ headers, body }) => receiveWebhook(receiver, { connection: 'sample', headers, body });
    life.onDeath(() => {
      this.state = 'ended';
      this.#countCrash(ground);
    });
  }

  get serving(): boolean {
    return this.state === 'up' || this.state === 'stopping';
  }

  receive(webhook: Webhook): Promise<Received> {
    return this.#receive(webhook);
  }

  expel(): boolean {
    return this.#log.expel();
  }

  #countCrash({ coverage }: Ground): void {
    if (this.life.relay === 'numbered') coverage.count('crash between ledger and send');
    if (this.life.relay === 'sent') coverage.count('crash between send and delete');
    coverage.count('duplicate dropped by its number', this.department.status().counters.eventsDuplicate);
  }
}
