import { describe, expect, it } from '@jest/globals';

import { hotPathConfig } from './connection.ts';

describe('settings of a connection', () => {
  it('carry the schema and the time-outs to the session, beside options of the address', () => {
    const { connectionString, options } = hotPathConfig({
      url: 'postgres://me@host/db?options=-c%20work_mem%3D8MB&sslmode=require',
      service: 'crm',
      schema: 'rebuilt',
    });
    expect(connectionString).toBe('postgres://me@host/db?sslmode=require');
    expect(options).toContain('-c search_path=rebuilt');
    expect(options).toContain('-c lock_timeout=2000');
    expect(options).toMatch(/ -c work_mem=8MB$/u);
  });

  it('refuse a schema that would need quoting', () => {
    expect(() => hotPathConfig({ url: 'postgres://me@host/db', service: 'crm', schema: 'a b' })).toThrow(/plain name/u);
  });
});
