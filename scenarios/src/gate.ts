import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to a server that is not there at first: nobody listens at its address until it is opened. */
export interface Gate {
  readonly port: number;
  /** Lets through. */
  open(): Promise<void>;
  /** Somebody listens, and hangs up on whoever comes. */
  refuse(): Promise<void>;
  /** How often somebody was hung up on. */
  refusals(): number;
  /** Cuts every connection; from then on nobody listens again. */
  close(): Promise<void>;
}

/** A closed gate on a free port of 127.0.0.1, in front of a server there. */
export async function gateTo(port: number): Promise<Gate> {
  const own = await freePort();
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let refusals = 0;
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    const open = server;
    server = undefined;
    if (open)
      await new Promise<void>((resolve) => {
        open.close(() => resolve());
      });
  };
  return {
    port: own,
    close,
    refusals: () => refusals,
    async refuse() {
      await close();
      server = createServer((inside) => {
        refusals += 1;
        inside.on('error', () => undefined);
        inside.destroy();
      });
      await listening(server, own);
    },
    async open() {
      await close();
      server = createServer((inside) => {
        const outside = connect(port, '127.0.0.1');
        for (const [one, other] of [
          [inside, outside],
          [outside, inside],
        ] as const) {
          sockets.add(one);
          one.pipe(other);
          one.on('error', () => other.destroy());
          one.on('close', () => {
            sockets.delete(one);
            other.destroy();
          });
        }
      });
      await listening(server, own);
    },
  };
}

/** A server that only holds a port. */
export async function holdPort(): Promise<{ readonly port: number; release(): Promise<void> }> {
  const server = createServer();
  await listening(server, 0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    release: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}

export async function freePort(): Promise<number> {
  const { port, release } = await holdPort();
  await release();
  return port;
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}
