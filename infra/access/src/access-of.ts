import { compose as connectors } from '@instep/connectors/compose';
import { topics, type ServiceName, type TopicDefinition, type TopicName } from '@instep/contracts';
import { compose as crm } from '@instep/crm/compose';
import type { DepartmentDefinition } from '@instep/department';
import { compose as finance } from '@instep/finance/compose';
import { compose as hr } from '@instep/hr/compose';
import { compose as inventory } from '@instep/inventory/compose';
import { compose as orderIntake } from '@instep/order-intake/compose';

/** What a service does with the log, and so all that it may do. */
export interface Access {
  readonly service: ServiceName;
  /** Topics that it owns. Nobody else writes them. */
  readonly write: readonly TopicName[];
  /** Topics that it listens to. */
  readonly listen: readonly TopicName[];
  /** Those it listens to, and its own: a database is rebuilt from what its service said. */
  readonly read: readonly TopicName[];
  /** Its one consumer group. */
  readonly group: string;
}

const composed: Readonly<Record<ServiceName, () => DepartmentDefinition>> = {
  connectors,
  'order-intake': orderIntake,
  inventory,
  crm,
  hr,
  finance,
};

/** Derived from the contracts (who owns) and from the department as it is composed (what it listens to): there is no second list. */
export function accessOf(service: ServiceName): Access {
  const { consumer, topics: listen } = composed[service]();
  const all: readonly TopicDefinition[] = Object.values(topics);
  const write = all.filter(({ owner }) => owner === service).map(({ name }) => name as TopicName);
  for (const name of listen) {
    const { owner, readers } = topics[name] as TopicDefinition;
    if (owner !== service && readers && !readers.includes(service))
      throw new Error(`${service} listens to ${name}, whose readers are ${readers.join(', ')}: its contract must name ${service}`);
  }
  const read = all.map(({ name }) => name as TopicName).filter((name) => write.includes(name) || listen.includes(name));
  return { service, write, listen, read, group: consumer };
}
