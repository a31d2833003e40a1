import { Coverage } from '../coverage.ts';
import { noFaults } from '../faults/fault-plan.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import type { Server } from '../network/network.ts';
import { Network } from '../network/network.ts';
import type { Random } from '../time/random.ts';
import { random } from '../time/random.ts';
import { VirtualTime } from '../time/virtual-time.ts';
import { Trace } from '../trace.ts';

export interface SmallGround {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly coverage: Coverage;
  readonly trace: Trace;
  readonly network: Network;
  /** Lets all that is due happen. */
  settle(): Promise<void>;
}

/** Time, network and counters for a part of a world, with the faults that are named. */
export function smallGround(faults: Partial<FaultPlan> = {}, seed = 'a part'): SmallGround {
  const seeded = random(seed);
  const time = new VirtualTime(seeded.split('time'), 0);
  const coverage = new Coverage();
  const trace = new Trace(() => time.now());
  const network = new Network({ time, random: seeded.split('network'), coverage, trace }, { ...noFaults, ...faults });
  return { time, random: seeded.split('rest'), coverage, trace, network, settle: () => time.run(() => true) };
}

/** A server that is there. */
export function plainServer(): Server & { up: boolean; incarnation: number } {
  return { name: 'server', up: true, incarnation: 1, timeoutMs: 1_000, unavailable: (why) => new Error(why) };
}
