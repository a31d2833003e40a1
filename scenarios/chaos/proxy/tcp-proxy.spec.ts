import { connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

import { afterEach, describe, expect, it } from '@jest/globals';

import { ownerAtKafka, ownerAtPostgres } from './owners.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

/** A server that answers each piece with the same in capitals, and remembers what it heard. */
async function shouting(): Promise<{ port: number; heard: string[] }> {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      heard.push(bytes.toString());
      socket.write(bytes.toString().toUpperCase());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  return { port: (server.address() as { port: number }).port, heard };
}

async function proxied(
  settings: { ownerOf?: (first: Buffer) => string; random?: () => number } = {},
): Promise<{ proxy: TcpProxy; heard: string[] }> {
  const { port, heard } = await shouting();
  const proxy = await startTcpProxy({ targetPort: port, ...settings });
  open.push({ close: () => void proxy.close() });
  return { proxy, heard };
}

async function client(proxy: TcpProxy): Promise<{ socket: Socket; ask(text: string): Promise<string>; closed: Promise<unknown> }> {
  const socket = connect(proxy.port, '127.0.0.1');
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  open.push({ close: () => socket.destroy() });
  const ask = async (text: string): Promise<string> => {
    const answer = once(socket, 'data') as Promise<[Buffer]>;
    socket.write(text);
    return (await answer)[0].toString();
  };
  return { socket, ask, closed };
}

describe('the TCP proxy', () => {
  it('passes everything on, large pieces too, and the end', async () => {
    const { proxy } = await proxied();
    const { socket, ask, closed } = await client(proxy);
    expect(await ask('hello')).toBe('HELLO');
    let received = 0;
    socket.on('data', (bytes) => (received += bytes.length));
    const sent = 6_000_000;
    socket.write('x'.repeat(sent));
    while (received < sent) await once(socket, 'data');
    socket.end();
    await closed;
    expect(received).toBe(sent);
  });

  it('delays each way and keeps the order', async () => {
    const { proxy, heard } = await proxied();
    const { ask } = await client(proxy);
    proxy.set({ latencyMs: 60, jitterMs: 40 });
    const begun = performance.now();
    expect(await ask('slow')).toBe('SLOW');
    expect(performance.now() - begun).toBeGreaterThanOrEqual(40);
    proxy.set({ latencyMs: 30, jitterMs: 30 });
    const { socket } = await client(proxy);
    const letters = 'a b c d e f g h i j'.split(' ');
    for (const letter of letters) {
      socket.write(letter);
      await new Promise(setImmediate);
    }
    while (heard.join('').length < 'slow'.length + letters.length) await new Promise(setImmediate);
    expect(heard.join('')).toBe(`slow${letters.join('')}`);
  });

  it.each(['both', 'to-server', 'to-client'] as const)('holds what is sent (%s) until the weather is calm', async (blackHole) => {
    const { proxy, heard } = await proxied();
    const { ask } = await client(proxy);
    proxy.set({ blackHole });
    let answered = false;
    const answer = ask('held').then((text) => {
      answered = true;
      return text;
    });
    if (blackHole === 'to-client') while (heard.length === 0) await new Promise(setImmediate);
    else for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    expect({ answered, heard: heard.length }).toEqual({ answered: false, heard: blackHole === 'to-client' ? 1 : 0 });
    proxy.calm();
    expect(await answer).toBe('HELD');
  });

  it('throws an answer away after the request was passed on', async () => {
    const { proxy, heard } = await proxied();
    const { socket, closed } = await client(proxy);
    proxy.set({ answersDropped: 1 });
    socket.write('do it');
    await closed;
    expect({ heard, bytes: socket.bytesRead, dropped: proxy.counts.answersDropped }).toEqual({ heard: ['do it'], bytes: 0, dropped: 1 });
  });

  it('resets before the request is passed on, the connections of one owner only', async () => {
    const { proxy, heard } = await proxied({ ownerOf: (first) => first.toString().slice(0, 1) });
    const [a, b] = [await client(proxy), await client(proxy)];
    expect([await a.ask('a'), await b.ask('b')]).toEqual(['A', 'B']);
    proxy.set({ reset: true }, ['a']);
    a.socket.write('again');
    await a.closed;
    expect(await b.ask('b2')).toBe('B2');
    expect(heard).toEqual(['a', 'b', 'b2']);
  });
});

describe('owners of connections', () => {
  it('are named by the first request to Kafka', () => {
    const request = Buffer.concat([Buffer.from([0, 0, 0, 24, 0, 18, 0, 0, 0, 0, 0, 1, 0, 14]), Buffer.from('instep-finance')]);
    expect(ownerAtKafka(request)).toBe('finance');
    expect(ownerAtKafka(Buffer.from('short'))).toBe('');
  });

  it('are named by the start-up message to PostgreSQL', () => {
    const startup = Buffer.from('\0\0\0\0\0\x03\0\0user\0postgres\0database\0crm\0application_name\0instep/order-intake\0\0');
    expect(ownerAtPostgres(startup)).toBe('order-intake');
    expect(ownerAtPostgres(Buffer.from('\0\0\0\0\0\x03\0\0user\0postgres\0database\0crm\0\0'))).toBe('');
  });
});
