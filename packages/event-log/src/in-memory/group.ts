import type { Member } from './member.ts';
import type { StoredPartition } from './stored-partition.ts';

/**
 * A consumer group: shares the partitions out anew whenever a member comes or goes. As in Kafka's classic protocol everybody first gives
 * back what it has, and a partition is handed to its next owner only when the slice under way at the last one has been answered.
 */
export class Group {
  readonly #partitionsOf: (topic: string) => readonly StoredPartition[];
  #members: readonly Member[] = [];
  #balancing = false;
  /** Rounds of sharing out that were asked for, and that are done. */
  #wanted = 0;
  #done = 0;

  constructor(partitionsOf: (topic: string) => readonly StoredPartition[]) {
    this.#partitionsOf = partitionsOf;
  }

  join(member: Member): void {
    this.#members = [...this.#members, member];
    void this.#balance();
  }

  leave(member: Member): void {
    this.#members = this.#members.filter((each) => each !== member);
    void this.#balance();
  }

  async #balance(): Promise<void> {
    this.#wanted += 1;
    if (this.#balancing) return;
    this.#balancing = true;
    while (this.#done < this.#wanted) {
      const round = this.#wanted;
      // Nobody waits for what a member that is gone has under way.
      await Promise.all(this.#members.map((member) => Promise.race([member.release(), member.ended])));
      this.#done = round;
      // Somebody came or went meanwhile: give back again before sharing out.
      if (round < this.#wanted) continue;
      for (const [member, partitions] of this.#shares()) member.take(partitions);
    }
    this.#balancing = false;
  }

  #shares(): ReadonlyMap<Member, readonly StoredPartition[]> {
    const shares = new Map<Member, StoredPartition[]>(this.#members.map((member) => [member, []]));
    const topics = [...new Set(this.#members.flatMap((member) => member.subscription.topics))].sort();
    let turn = 0;
    for (const topic of topics) {
      const takers = this.#members.filter((member) => member.subscription.topics.includes(topic));
      for (const partition of this.#partitionsOf(topic)) {
        const taker = takers[turn++ % takers.length];
        if (taker) shares.get(taker)?.push(partition);
      }
    }
    return shares;
  }
}
