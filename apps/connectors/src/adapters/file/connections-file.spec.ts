import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ConnectionsFile } from '../../application/connections.ts';
import { settings } from '../../config.ts';
import { loadConnections } from './connections-file.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'connections-'));
  writeFileSync(join(folder, 'secret'), 'from a file\n');
  writeFileSync(join(folder, 'empty'), '\n');
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function load(content: unknown, environment: Record<string, string> = {}) {
  const path = join(folder, 'connections.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return loadConnections(path, environment);
}

function mistakesOf(load: () => unknown): readonly string[] {
  try {
    load();
  } catch (error) {
    return (error as { lines: string[] }).lines;
  }
  return [];
}

const shop = { id: 'shop', tenant: 'acme', vendor: 'shopify', secret: 'env:SHOP_SECRET' };

describe('the file of connections', () => {
  it('names secrets that lie in the environment or in files', () => {
    const connections = load({ connections: [{ ...shop, previousSecret: `file:${join(folder, 'secret')}` }] }, { SHOP_SECRET: 'hush' });
    expect(connections.get('shop')).toEqual({ id: 'shop', tenant: 'acme', vendor: 'shopify', secrets: ['hush', 'from a file'] });
  });

  it('has all its mistakes told at once', () => {
    expect(
      mistakesOf(() =>
        load({
          connections: [
            shop,
            { ...shop, previousSecret: `file:${join(folder, 'nowhere')}` },
            { ...shop, id: 'other', secret: `file:${join(folder, 'empty')}` },
          ],
        }),
      ),
    ).toEqual([
      '/connections/0/secret names the environment variable SHOP_SECRET, which is not set',
      '/connections/1/id "shop" is there twice',
      '/connections/1/secret names the environment variable SHOP_SECRET, which is not set',
      `/connections/1/previousSecret names the file ${join(folder, 'nowhere')}, which cannot be read (ENOENT)`,
      `/connections/2/secret names the file ${join(folder, 'empty')}, which is empty`,
    ]);
    const wrong = mistakesOf(() => load({ connections: [{ ...shop, id: 'Not An Id', vendor: 'ebay', colour: 1 }] }));
    expect(wrong.length).toBeGreaterThanOrEqual(3);
  });

  it('takes no secret itself, and does not repeat one', () => {
    const mistakes = mistakesOf(() => load({ connections: [{ ...shop, secret: 'shpss_in_the_open' }] }));
    expect(mistakes.join()).toContain('/connections/0/secret');
    expect(mistakes.join()).not.toContain('shpss_in_the_open');
  });

  it.each([
    ['', 'the file is not JSON'],
    ['{}', 'connections'],
    ['{"connections":[]}', '/connections'],
  ])('cannot be %j', (content, part) => {
    expect(mistakesOf(() => load(content)).join()).toContain(part);
  });

  it('is told of with its name when the environment names it', () => {
    const read = () => settings.connections.read(join(folder, 'missing.json'));
    expect(read).toThrow(`names ${join(folder, 'missing.json')}, which has mistakes:\n  the file cannot be read (ENOENT)`);
  });

  it('has the schema that lies beside the example, which fits it', () => {
    const root = new URL('../../../', import.meta.url);
    const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, root), 'utf8'));
    expect(read('connections.schema.json')).toEqual(JSON.parse(JSON.stringify(ConnectionsFile)));
    expect(
      mistakesOf(() => loadConnections(new URL('connections.example.json', root).pathname, {})).every((line) => line.includes('names the')),
    ).toBe(true);
  });

  it('is not needed to try things out', () => {
    expect([...settings.connections.read(undefined).values()]).toEqual([
      { id: 'sample', tenant: 'demo', vendor: 'shopify', secrets: ['sample-secret'] },
    ]);
  });
});
