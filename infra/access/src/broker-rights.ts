import { serviceNames, type ServiceName } from '@instep/contracts';
import type { BrokerRight } from '@instep/event-log-kafka';

import { rightsOf } from './rights-of.ts';

/** The rights of all services as a broker keeps them, each service under a principal of its own name. */
export function brokerRights(services: readonly ServiceName[] = serviceNames): readonly BrokerRight[] {
  return services.flatMap((service) => rightsOf(service).map((right) => ({ principal: service, ...right })));
}
