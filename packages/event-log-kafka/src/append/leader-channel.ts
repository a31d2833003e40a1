import type { Broker } from '../kafkajs/internals.ts';
import { produceRequest, type ProducePart, type ProducePartAnswer } from '../wire/requests.ts';

const MOST_BYTES_PER_REQUEST = 4_000_000;

interface Waiting {
  readonly part: ProducePart;
  readonly resolve: (answer: ProducePartAnswer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Sends batches to one broker, one request at a time; what comes meanwhile goes into the next. A broker works off the requests of a
 * connection one by one anyway. Each batch gets its own answer, and none may be missing.
 */
export class LeaderChannel {
  readonly #broker: () => Promise<Broker>;
  readonly #ackTimeoutMs: number;
  #waiting: Waiting[] = [];
  #sending = false;

  constructor(broker: () => Promise<Broker>, ackTimeoutMs: number) {
    this.#broker = broker;
    this.#ackTimeoutMs = ackTimeoutMs;
  }

  send(part: ProducePart): Promise<ProducePartAnswer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ part, resolve, reject });
      if (!this.#sending) void this.#sendAll();
    });
  }

  async #sendAll(): Promise<void> {
    this.#sending = true;
    // Appends of the same turn go out together.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#sendSome();
    this.#sending = false;
  }

  async #sendSome(): Promise<void> {
    const some = this.#take();
    try {
      const broker = await this.#broker();
      const parts = some.map(({ part }) => part);
      const answer = await broker.connectionPool.send(produceRequest(parts, this.#ackTimeoutMs));
      for (const { part, resolve, reject } of some) {
        const own = answer.parts.find((each) => each.topic === part.topic && each.partition === part.partition);
        if (own) resolve(own);
        else reject(new Error(`the answer does not name ${part.topic}/${part.partition}`));
      }
    } catch (cause) {
      for (const { reject } of some) reject(cause instanceof Error ? cause : new Error(String(cause)));
    }
  }

  #take(): readonly Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { part } of this.#waiting) {
      bytes += part.batch.length;
      if (count > 0 && bytes > MOST_BYTES_PER_REQUEST) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }
}
