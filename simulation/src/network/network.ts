import type { Coverage, CoverageName } from '../coverage.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import type { Life } from '../process/life.ts';
import { asError } from '../process/life.ts';
import type { Random } from '../time/random.ts';
import type { VirtualTime } from '../time/virtual-time.ts';
import type { Trace } from '../trace.ts';

/** What is at the other end of a call. */
export interface Server {
  readonly name: string;
  readonly up: boolean;
  /** Rises with each restart: what was under way before is cut off. */
  readonly incarnation: number;
  /** How long a caller waits for an answer, in milliseconds. */
  readonly timeoutMs: number;
  unavailable(why: string): Error;
}

export interface NetworkParts {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly coverage: Coverage;
  readonly trace: Trace;
}

/** What one call is called, and what is counted when it ends in doubt. */
export interface CallName {
  readonly name: string;
  /** The work may take long: the caller looks at its watch. */
  readonly waits?: boolean;
  /** Somebody outside asks, who does not die of it. */
  readonly client?: 'outside';
  /** A line of the trace says when it was done. */
  readonly told?: boolean;
  /** The caller learnt nothing, but it was done. */
  readonly ambiguous?: CoverageName;
  /** It was done after the caller had given up. */
  readonly late?: CoverageName;
  /** It was done, and the caller died before it knew. */
  readonly crashed?: CoverageName;
}

type Fate = 'arrives' | 'lost' | 'late';

/**
 * Everything between a process and a server. A request and its answer each take their time, get lost or come late, each on its own; a
 * caller that waits too long gets the server's fault and knows nothing. What is done is done at the server, in one go, also when nobody
 * hears of it.
 */
export class Network {
  readonly #parts: NetworkParts;
  #plan: FaultPlan;
  lost = 0;

  constructor(parts: NetworkParts, plan: FaultPlan) {
    this.#parts = parts;
    this.#plan = plan;
  }

  /** From now on with these faults. */
  follow(plan: FaultPlan): void {
    this.#plan = plan;
  }

  call<T>(life: Life, server: Server, call: CallName, work: () => T | Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (life.dead) return;
      new Call(this.#parts, this.#plan, life, server, call, { resolve, reject, lost: () => (this.lost += 1) }).send(work);
    });
  }
}

interface Caller<T> {
  resolve(value: T): void;
  reject(error: Error): void;
  lost(): void;
}

class Call<T> {
  readonly #parts: NetworkParts;
  readonly #plan: FaultPlan;
  readonly #life: Life;
  readonly #server: Server;
  readonly #call: CallName;
  readonly #caller: Caller<T>;
  readonly #deadline: number;
  #stopWaiting: () => void;
  #settled = false;
  #done = false;
  #diesAfter = false;

  constructor(parts: NetworkParts, plan: FaultPlan, life: Life, server: Server, call: CallName, caller: Caller<T>) {
    this.#parts = parts;
    this.#plan = plan;
    this.#life = life;
    this.#server = server;
    this.#call = call;
    this.#caller = caller;
    this.#deadline = parts.time.now() + server.timeoutMs;
    this.#stopWaiting = () => undefined;
  }

  send(work: () => T | Promise<T>): void {
    const { random, trace } = this.#parts;
    if (this.#call.client === undefined && random.chance(this.#plan.killAtCall)) {
      if (random.chance(0.5)) {
        trace.note('killed before', this.#life.name, this.#call.name);
        this.#life.kill();
        return;
      }
      this.#diesAfter = true;
    }
    const fate = this.#fate(this.#plan.requestLost, this.#plan.requestLate);
    // A timer for every call would only be taken back again nearly every time.
    if (this.#call.waits || fate !== 'arrives') this.#watchTheTime();
    if (fate === 'lost') {
      trace.note('request lost', this.#life.name, this.#server.name, this.#call.name);
      this.#caller.lost();
      return;
    }
    this.#parts.time.after(this.#travel(fate), () => {
      this.#arrive(work);
    });
  }

  #arrive(work: () => T | Promise<T>): void {
    const { random, trace } = this.#parts;
    // What a killed process had sent may be on the wire, or may never have left its buffers.
    if (this.#life.dead && random.chance(0.5)) return;
    if (!this.#server.up) {
      this.#parts.time.after(this.#travel('arrives'), () => {
        this.#giveUp('the connection was refused');
      });
      return;
    }
    const { incarnation } = this.#server;
    const gaveUp = this.#settled;
    if (gaveUp) trace.note('arrives late', this.#life.name, this.#server.name, this.#call.name);
    const working = new Promise<T>((resolve) => {
      resolve(work());
    });
    working.then(
      (value) => {
        this.#done = true;
        if (this.#call.told) trace.note(this.#call.name, this.#life.name, this.#server.name);
        if (gaveUp && this.#call.late) this.#parts.coverage.count(this.#call.late);
        this.#answer(incarnation, () => {
          this.#caller.resolve(value);
        });
      },
      (reason: unknown) => {
        const error = asError(reason);
        if (this.#call.told) trace.note('failed', this.#call.name, this.#life.name, this.#server.name, error.message);
        this.#answer(incarnation, () => {
          this.#caller.reject(error);
        });
      },
    );
  }

  #answer(incarnation: number, deliver: () => void): void {
    const { trace, coverage } = this.#parts;
    if (this.#diesAfter && !this.#life.dead) {
      trace.note('killed after', this.#life.name, this.#call.name);
      this.#life.kill();
    }
    if (this.#life.dead && this.#done && this.#call.crashed) coverage.count(this.#call.crashed);
    if (incarnation !== this.#server.incarnation) {
      this.#parts.time.after(this.#travel('arrives'), () => {
        this.#giveUp('the connection was cut');
      });
      return;
    }
    const fate = this.#fate(this.#plan.answerLost, this.#plan.answerLate);
    if (fate !== 'arrives') this.#watchTheTime();
    if (fate === 'lost') {
      trace.note('answer lost', this.#life.name, this.#server.name, this.#call.name);
      this.#caller.lost();
      return;
    }
    this.#parts.time.after(this.#travel(fate), () => {
      this.#life.run(() => {
        this.#settle(deliver);
      });
    });
  }

  #watchTheTime(): void {
    const { time } = this.#parts;
    this.#stopWaiting();
    this.#stopWaiting = time.after(this.#deadline - time.now(), () => {
      this.#giveUp('no answer in time');
    });
  }

  #giveUp(why: string): void {
    this.#life.run(() => {
      this.#settle(() => {
        if (this.#done && this.#call.ambiguous) this.#parts.coverage.count(this.#call.ambiguous);
        this.#parts.trace.note('gave up', this.#life.name, this.#server.name, this.#call.name, why);
        this.#caller.reject(this.#server.unavailable(`${this.#server.name}: ${why}`));
      });
    });
  }

  #settle(how: () => void): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#stopWaiting();
    how();
  }

  #fate(lost: number, late: number): Fate {
    const { random } = this.#parts;
    if (lost === 0 && late === 0) return 'arrives';
    const drawn = random.next();
    return drawn < lost ? 'lost' : drawn < lost + late ? 'late' : 'arrives';
  }

  /** Half a millisecond to three; a late one about when the caller gives up, mostly after. */
  #travel(fate: Fate): number {
    const { random, time } = this.#parts;
    const usual = 0.5 + 2.5 * random.next();
    return fate === 'late' ? this.#deadline - time.now() + (random.next() * 4 - 0.5) * 1_000 : usual;
  }
}
