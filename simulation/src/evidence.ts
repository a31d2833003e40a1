import type { ServiceName } from '@instep/contracts';
import type { DepartmentDefinition, DepartmentStatus, InMemoryStore, Outcome } from '@instep/department';
import type { EventLog, LogRecord } from '@instep/event-log';
import type { SampleOrder } from '@instep/testkit';

/** An order of the shop, as the shop itself knows it. */
export interface OrderEvidence {
  /** Id in order-intake: `sample:<number>`. */
  readonly orderId: string;
  /** The order after every step of its life whose webhook was answered with 200, the last one first not answered left out. */
  readonly acknowledged: SampleOrder;
  /** Every webhook of its life was answered with 200: `acknowledged` is then the order's end. Always so at the end of a world. */
  readonly complete: boolean;
  /** Deliveries of its webhooks that were answered with 200, repeated ones included. */
  readonly deliveries: number;
}

/** A command that somebody sent, under one Idempotency-Key, until the answer came. */
export interface RequestEvidence {
  readonly service: ServiceName;
  readonly tenant: string;
  readonly idempotencyKey: string;
  readonly requestHash: string;
  /** Name of the command, as its definition has it. */
  readonly command: string;
  readonly data: unknown;
  /** Every answer that reached the sender, in order. At least one when `acknowledged`. */
  readonly answers: readonly Outcome[];
  readonly acknowledged: boolean;
}

/** An item as the shop sells it. */
export interface ItemEvidence {
  readonly item: string;
  /** More is received than all orders together want. */
  readonly plentiful: boolean;
}

export interface ServiceEvidence {
  readonly service: ServiceName;
  readonly definition: DepartmentDefinition;
  /** The service's database as it is now; read it directly, nothing is simulated here. */
  readonly store: InMemoryStore;
  /** Of each process that runs now. */
  readonly statuses: readonly DepartmentStatus[];
  /** How often an older copy of this database was put in its place. */
  readonly restores: number;
  /** How often a process found its database to be behind the log. */
  readonly foundBehind: number;
}

/** All that an invariant may look at. At the end of a world everything has been delivered and nothing is under way. */
export interface Evidence {
  readonly seed: number;
  /** Milliseconds of simulated time since the world began. */
  readonly virtualMs: number;
  readonly tenant: string;
  /** False while the world still runs (step invariants), true at its end. */
  readonly quiet: boolean;
  /** The log without network in between. */
  readonly log: EventLog;
  /** Records of every topic-partition, by `<topic>/<partition>`, in the order of their offsets. */
  readonly records: ReadonlyMap<string, readonly LogRecord[]>;
  readonly services: ReadonlyMap<ServiceName, ServiceEvidence>;
  /** Orders of which at least the first webhook was acknowledged. */
  readonly orders: readonly OrderEvidence[];
  /** Ids of all webhooks that were answered with 200, of products and customers too. */
  readonly acknowledgedWebhooks: readonly string[];
  /** Those of them whose bodies nobody can read. */
  readonly poisonedWebhooks: readonly string[];
  readonly requests: readonly RequestEvidence[];
  readonly items: readonly ItemEvidence[];
}

/** A promise, and how to see that it was kept. */
export interface Invariant {
  /** Short and stable, such as `INV-3`. */
  readonly id: string;
  /** One sentence. */
  readonly promise: string;
  /** One sentence per violation, with what and where; none when the promise was kept. */
  check(evidence: Evidence): Promise<readonly string[]>;
}

/** A cheap one, looked at while the world runs. Must not assume that anything has arrived yet. */
export interface StepInvariant {
  readonly id: string;
  readonly promise: string;
  check(evidence: Evidence): readonly string[];
}

export interface Violation {
  readonly invariant: string;
  readonly text: string;
  /** Milliseconds of simulated time at which it was seen. */
  readonly virtualMs: number;
}

export interface WorldResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
  /** How often what a world is to show was seen, by counter. */
  readonly coverage: Readonly<Record<string, number>>;
  /** Processes killed or ended. */
  readonly crashes: number;
  /** Messages that never arrived, either way. */
  readonly lostMessages: number;
  readonly virtualMs: number;
  readonly orders: number;
  /** Events of the scheduler. */
  readonly steps: number;
  /** Faults that this seed enabled, by name. */
  readonly faults: readonly string[];
  /** The same for the same seed and code, whatever the machine. */
  readonly traceHash: string;
  /** The last lines of what happened, oldest first. */
  readonly trace: readonly string[];
}
