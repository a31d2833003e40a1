import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { freePort, portIsFree, requireFreePort } from './ports.ts';

let server: Server | undefined;
afterEach(() => {
  server?.close();
});

describe('ports', () => {
  it('finds a port that can be listened on', async () => {
    expect(await portIsFree(await freePort())).toBe(true);
  });

  it('names port, who wants it and the remedy when it is taken', async () => {
    const port = await freePort();
    server = createServer();
    await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
    expect(await portIsFree(port)).toBe(false);
    await expect(requireFreePort(port, 'Kafka', 'choose another')).rejects.toMatchObject({
      code: 'platform/port-taken',
      message: `Port ${port}, wanted by Kafka, is already in use: choose another.`,
    });
  });
});
