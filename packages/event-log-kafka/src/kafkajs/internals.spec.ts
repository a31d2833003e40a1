import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { openCluster } from './open-cluster.ts';

/** ApiVersions, in the oldest form: no error, and only that request is known. */
function apiVersions(request: Buffer): Buffer {
  const body = Buffer.from([0, 0, 0, 0, 0, 1, 0, 18, 0, 0, 0, 2, 0, 0, 0, 0]);
  return Buffer.concat([Buffer.from([0, 0, 0, 4 + body.length]), request.subarray(8, 12), body]);
}

describe('a connection of kafkajs that broke in the middle of an answer', () => {
  it('understands the answers of the next one', async () => {
    const sockets: Socket[] = [];
    let requests = 0;
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => {});
      socket.on('data', (request) => {
        const answer = apiVersions(request);
        requests += 1;
        if (requests === 2) socket.write(answer.subarray(0, 9), () => socket.resetAndDestroy());
        else socket.write(answer);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const cluster = openCluster({ brokers: [`127.0.0.1:${port}`], clientId: 'test' }, 1_000);
    try {
      await cluster.connect();
      const broker = cluster.brokerPool.seedBroker as unknown as { connect(): Promise<void>; apiVersions(): Promise<object> };
      await expect(broker.apiVersions()).rejects.toThrow();
      await broker.connect();
      expect(Object.keys(await broker.apiVersions())).toEqual(['18']);
    } finally {
      await cluster.disconnect();
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  });
});
