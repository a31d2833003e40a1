import type { ServiceName } from '@instep/contracts';

/** Where a service is now: `System` of `@instep/platform` will do. */
export type Addresses = { service(name: ServiceName): { readonly url: string } };

export type Answer = { readonly status: number; readonly body: unknown };

/** The HTTP of the departments, as the shop's people use it. Every call rejects when no answer comes in time. */
export type Departments = {
  get(name: ServiceName, path: string): Promise<Answer>;
  text(name: ServiceName, path: string): Promise<string>;
  post(name: ServiceName, path: string, body: unknown, idempotencyKey: string): Promise<Answer>;
  /** All items of a paged list, as far as so many pages. `more`: there were others. */
  list<Item>(name: ServiceName, path: string, mostPages: number): Promise<{ readonly items: readonly Item[]; readonly more: boolean }>;
};

const timeoutMs = 4_000;
const pageLength = 200;

export function departmentsAt(addresses: Addresses): Departments {
  const ask = (name: ServiceName, path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${addresses.service(name).url}${path}`, { ...init, signal: AbortSignal.timeout(timeoutMs) });
  const get = async (name: ServiceName, path: string): Promise<Answer> => answerOf(await ask(name, path));
  return {
    get,
    text: async (name, path) => (await ask(name, path)).text(),
    post: async (name, path, body, idempotencyKey) =>
      answerOf(
        await ask(name, path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
          body: JSON.stringify(body),
        }),
      ),
    list: async <Item>(name: ServiceName, path: string, mostPages: number) => {
      const items: Item[] = [];
      let after: string | null = null;
      for (let page = 0; page < mostPages; page += 1) {
        const { status, body } = await get(name, withQuery(path, after));
        if (status !== 200) throw new Error(`${name} answered ${status} to ${path}`);
        const part = body as { readonly items: readonly Item[]; readonly next: string | null };
        items.push(...part.items);
        after = part.next;
        if (after === null) break;
      }
      return { items, more: after !== null };
    },
  };
}

function withQuery(path: string, after: string | null): string {
  const page = `limit=${pageLength}${after === null ? '' : `&after=${encodeURIComponent(after)}`}`;
  return `${path}${path.includes('?') ? '&' : '?'}${page}`;
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}
