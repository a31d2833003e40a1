import { serviceNames, type ServiceName } from '@instep/contracts';
import type { BrokerRight } from '@instep/event-log-kafka';

import { rightsOf } from './rights-of.ts';
import type { Tool } from './tool-rights.ts';

/** Who a service or a tool is at the broker, whichever cluster it is: others may have a "finance" of their own there. */
export function principalOf(name: ServiceName | Tool): string {
  return `instep-${name}`;
}

/** The rights of all services as a broker keeps them, each service under a principal of its own. */
export function brokerRights(services: readonly ServiceName[] = serviceNames): readonly BrokerRight[] {
  return services.flatMap((service) => rightsOf(service).map((right) => ({ principal: principalOf(service), ...right })));
}
