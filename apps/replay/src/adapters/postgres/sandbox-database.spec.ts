import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

import { StoreUnavailable } from '@instep/department';
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

  it.each([
    [
      'replay/disk-full',
      new StoreUnavailable('could not extend file "base/1/2": No space left on device'),
      /^The disk of the database server h is full/,
    ],
    ['replay/no-database', new StoreUnavailable('too many clients'), /^The database server h cannot be used .*too many clients/],
    [
      'replay/no-database',
      Object.assign(new Error('shutting down'), { code: '57P01' }),
      /^The database server h cannot be used .*shutting down/,
    ],
  ])('says with %s what its server cannot do', async (code, cause, sentence) => {
    const database = new SandboxDatabase('postgres://user:secret@h/d', 'sim_r1');
    const work = database.using(() => Promise.reject(cause));
    await expect(work).rejects.toMatchObject({ code, message: expect.stringMatching(sentence), cause });
  });

  it('does not answer for what is no fault of its server', async () => {
    const defect = new TypeError('x is not a function');
    const work = new SandboxDatabase('postgres://h/d', 'sim_r1').using(() => Promise.reject(defect));
    await expect(work).rejects.toBe(defect);
  });

  it('is on a server with an address', () => {
    expect(() => new SandboxDatabase('somewhere', 'sim_r1')).toThrow('"somewhere" is no address of a database');
  });

  it('is never called as one of a service', () => {
    for (const name of ['finance', 'sim_', 'sim_a;b', 'SIM_R1'])
      expect(() => new SandboxDatabase('postgres://h/d', name)).toThrow('no name');
  });
});
