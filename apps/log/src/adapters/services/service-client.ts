import type { ServiceName } from '@instep/contracts';

import { ToolFault } from '../../fault.ts';

/** A record that waits because it, or an earlier one of its key, could not be applied. */
export interface ParkedEntry {
  readonly partition: number;
  readonly offset: number;
  readonly type: string | null;
  readonly code: string;
  readonly reason: string;
  readonly parkedAt: string;
}

export interface ParkedKey {
  readonly topic: string;
  readonly key: string;
  /** How many records of it wait. */
  readonly records: number;
  readonly first: ParkedEntry;
}

export interface ParkedList {
  /** All there are, also those not listed. */
  readonly keys: number;
  readonly records: number;
  readonly items: readonly ParkedKey[];
}

/** What is to stand in the place of the first parked record of a key. */
export interface Mend {
  /** A whole event, as JSON. */
  readonly value: string;
  /** Who and why. */
  readonly note: string;
}

export interface Redriven {
  readonly applied: number;
  readonly left: number;
  readonly reason?: string;
}

export interface Rehearsed {
  readonly applies: boolean;
  readonly events: number;
  readonly reason?: string;
}

const TIMEOUT_MS = 5_000;
/** A redrive answers when all is applied. */
const REDRIVE_TIMEOUT_MS = 300_000;

/** The running service, by its HTTP interface. Every call rejects with a `ToolFault` that names the service and what to do. */
export class ServiceClient {
  readonly name: ServiceName;
  readonly url: string;

  constructor(name: ServiceName, url: string) {
    this.name = name;
    this.url = url.replace(/\/+$/, '');
  }

  parked(most: number): Promise<ParkedList> {
    return this.#json(`/parked?most=${String(most)}`);
  }

  async parkedRecords(topic: string, key: string): Promise<readonly ParkedEntry[]> {
    const asked = new URLSearchParams({ topic, key }).toString();
    return (await this.#json<{ items: readonly ParkedEntry[] }>(`/parked/records?${asked}`)).items;
  }

  redrive(topic: string, key: string, mend?: Mend): Promise<Redriven> {
    return this.#json('/parked/redrive', { topic, key, mend });
  }

  /** What a redrive would begin with; changes nothing. */
  rehearse(topic: string, key: string, mend?: Mend): Promise<Rehearsed> {
    return this.#json('/parked/redrive', { topic, key, dryRun: true, mend });
  }

  async metrics(): Promise<string> {
    return (await this.#ask('/metrics')).text();
  }

  async #json<Answer>(path: string, body?: object): Promise<Answer> {
    return (await (await this.#ask(path, body)).json()) as Answer;
  }

  async #ask(path: string, body?: object): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(`${this.url}${path}`, {
        signal: AbortSignal.timeout(body === undefined ? TIMEOUT_MS : REDRIVE_TIMEOUT_MS),
        ...(body !== undefined && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
    } catch (cause) {
      throw new ToolFault(
        'log-tool/unreachable',
        `${this.name} does not answer at ${this.url} (${whyOf(cause)}). Start it, or say where it is: --service-url ${this.name}=http://host:port`,
        { cause },
      );
    }
    if (response.ok) return response;
    throw new ToolFault('log-tool/unreachable', `${this.name} answers ${String(response.status)} to ${path}: ${await titleOf(response)}`);
  }
}

function whyOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code } = (cause ?? {}) as { code?: unknown };
  if (typeof code === 'string') return code;
  return cause instanceof Error ? cause.message : String(cause);
}

async function titleOf(response: Response): Promise<string> {
  const text = await response.text();
  try {
    const { title, detail } = JSON.parse(text) as { title?: string; detail?: string };
    return [title, detail].filter((part) => part !== undefined).join(': ');
  } catch {
    return text.slice(0, 200);
  }
}
