import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';

import { deliverWebhooks } from './deliver-webhooks.ts';

describe('delivering webhooks', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  /** Answers with these, then with the last one; gives the ids that came. */
  async function receiver(...statuses: readonly number[]): Promise<{ url: string; ids: (string | undefined)[] }> {
    const ids: (string | undefined)[] = [];
    server = createServer((request, response) => {
      ids.push(request.headers['x-shopify-webhook-id'] as string | undefined);
      response.writeHead(statuses[ids.length - 1] ?? statuses.at(-1) ?? 200).end();
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ids };
  }

  const create = { topic: 'orders/create', body: '{}', webhookId: 'w-1' };

  it('sends the same again while the answer is 503', async () => {
    const { url, ids } = await receiver(503, 200);
    const webhooks = deliverWebhooks(() => url, 'secret', new AbortController().signal);
    await webhooks.deliver(create);
    expect(ids).toEqual(['w-1', 'w-1']);
    expect(webhooks.counts).toEqual({ orders: 1, taken: 1, refused: 0, waiting: 0 });
  });

  it('sends nothing again that was refused, and counts a repeated order once', async () => {
    const { url, ids } = await receiver(401, 200);
    const webhooks = deliverWebhooks(() => url, 'secret', new AbortController().signal);
    await webhooks.deliver(create);
    await webhooks.deliver(create);
    await webhooks.deliver({ ...create, repeated: true });
    expect(ids).toHaveLength(3);
    expect(webhooks.counts).toEqual({ orders: 1, taken: 2, refused: 1, waiting: 0 });
  });

  it('ends with the shop', async () => {
    const { url } = await receiver(503);
    const over = new AbortController();
    const webhooks = deliverWebhooks(() => url, 'secret', over.signal);
    const delivering = webhooks.deliver(create);
    over.abort();
    await expect(delivering).rejects.toThrow();
    expect(webhooks.counts.waiting).toBe(0);
  });
});
