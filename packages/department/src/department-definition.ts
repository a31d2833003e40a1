import type { ServiceName, TopicName } from '@instep/contracts';
import type { StreamDefinition } from '@instep/decider';

import type { Projection } from './projection.ts';
import type { AnyReaction } from './reaction.ts';

/** All that a department is, without the world around it: what `compose.ts` of a service returns. */
export interface DepartmentDefinition {
  readonly service: ServiceName;
  /** Consumer group, also the name under which positions are kept. Renaming it means reading everything again. */
  readonly consumer: string;
  readonly streams: readonly StreamDefinition<unknown, never>[];
  /** The topics it listens to. Own topics are not among them. */
  readonly topics: readonly TopicName[];
  readonly reactions: readonly AnyReaction[];
  readonly projections: readonly Projection[];
}
