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
  #changed = false;

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
    this.#changed = true;
    if (this.#balancing) return;
    this.#balancing = true;
    while (this.#changed) {
      this.#changed = false;
      await Promise.all(this.#members.map((member) => member.release()));
      if (this.#changed) continue;
      const shares = this.#shares();
      for (const [member, partitions] of shares) member.take(partitions);
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
