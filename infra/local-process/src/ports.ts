import { createServer } from 'node:net';
import { PlatformFault } from './fault.ts';

const loopback = '127.0.0.1';

/** A TCP port of 127.0.0.1 that nobody listens on now. Another process may take it before the caller does. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, loopback, () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('the system gave no port'));
        else resolve(address.port);
      });
    });
  });
}

/** Whether `port` of 127.0.0.1 can be listened on now. Rejects with the system's error for any reason but "in use". */
export function portIsFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen(port, loopback, () => server.close(() => resolve(true)));
  });
}

/** Throws `platform/port-taken` when `port` is in use. `what` names who wants it, `remedy` what the user can change. */
export async function requireFreePort(port: number, what: string, remedy: string): Promise<void> {
  if (await portIsFree(port)) return;
  throw new PlatformFault('platform/port-taken', `Port ${port}, wanted by ${what}, is already in use: ${remedy}.`);
}
