import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from '@jest/globals';

import { readAccessFile } from './access-file.ts';

describe('an access file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'instep-access-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const written = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const right = { resource: 'topic', name: 'orders', operation: 'Read' };
  const entry = { principal: 'crm', passwordFile: 'crm-password', rights: [right] };

  it('says who may log in by which password, and with which rights', () => {
    written('crm-password', 'planted-4711\n');
    expect(readAccessFile(written('good.json', JSON.stringify([entry])))).toEqual({
      logins: [{ principal: 'crm', password: 'planted-4711' }],
      rights: [{ principal: 'crm', ...right }],
    });
  });

  it('is refused with what is wrong, and without any password', () => {
    expect(() => readAccessFile(undefined)).toThrow('the verb "access" needs a file');
    expect(() => readAccessFile(join(folder, 'none.json'))).toThrow(/none\.json names a file that cannot be read \(ENOENT\)/);
    expect(() => readAccessFile(written('text.json', 'planted-4711'))).toThrow(/text\.json is not JSON$/);
    for (const bad of [{}, [{ ...entry, principal: '' }], [{ ...entry, rights: [{ ...right, operation: 'All' }] }], [null]])
      expect(() => readAccessFile(written('bad.json', JSON.stringify(bad)))).toThrow(/bad\.json is not a list like/);
    written('empty', ' \n');
    expect(() => readAccessFile(written('open.json', JSON.stringify([{ ...entry, passwordFile: 'empty' }])))).toThrow(
      /empty is empty: it is to hold a password/,
    );
  });
});
