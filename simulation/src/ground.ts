import type { Coverage } from './coverage.ts';
import type { FaultPlan } from './faults/fault-plan.ts';
import type { SimulatedBroker } from './log/simulated-broker.ts';
import type { Network } from './network/network.ts';
import type { Random } from './time/random.ts';
import type { VirtualTime } from './time/virtual-time.ts';
import type { Trace } from './trace.ts';

/** What everything in a world stands on. */
export interface Ground {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly network: Network;
  readonly coverage: Coverage;
  readonly trace: Trace;
  readonly broker: SimulatedBroker;
  readonly plan: FaultPlan;
  /** Furthest offset that was handed out, per group and topic-partition. */
  readonly delivered: Map<string, number>;
  /** Something happened that never may. */
  alarm(text: string): void;
}
