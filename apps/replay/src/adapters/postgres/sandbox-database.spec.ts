import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

import { describe, expect, it } from '@jest/globals';

import { SandboxDatabase } from './sandbox-database.ts';

describe('the database of a sandbox', () => {
  it('says which server is away', async () => {
    const nobody = createServer().listen(0, '127.0.0.1');
    await once(nobody, 'listening');
    const { port } = nobody.address() as AddressInfo;
    nobody.close();
    await once(nobody, 'close');
    const database = new SandboxDatabase(`postgres://user:secret@127.0.0.1:${String(port)}/any`, 'sim_r1');
    await expect(database.exists()).rejects.toMatchObject({
      code: 'replay/no-database',
      message: expect.stringMatching(`^The database server 127.0.0.1:${String(port)} cannot be used .*ECONNREFUSED`),
    });
    await expect(database.exists()).rejects.not.toThrow('secret');
  });

  it('is on a server with an address', () => {
    expect(() => new SandboxDatabase('somewhere', 'sim_r1')).toThrow('"somewhere" is no address of a database');
  });

  it('is never called as one of a service', () => {
    for (const name of ['finance', 'sim_', 'sim_a;b', 'SIM_R1'])
      expect(() => new SandboxDatabase('postgres://h/d', name)).toThrow('no name');
  });
});
