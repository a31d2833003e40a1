import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';

import { takesAway } from '../src/takes-away.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const migrations = globSync('{apps,packages}/*/src/**/migrations/*.ts', { cwd: root });

describe('migrations', () => {
  it.each(migrations)('%s leaves an older release what it needs', (file) => {
    expect(takesAway(readFileSync(`${root}${file}`, 'utf8'))).toEqual([]);
  });

  it('are found, those of the runtime and of every department with tables of its own', () => {
    const wanted = ['order-intake', 'inventory', 'crm', 'hr', 'finance'].map((name) => `apps/${name}`);
    expect([...new Set(migrations.map((file) => file.split('/').slice(0, 2).join('/')))].sort()).toEqual(
      [...wanted, 'packages/postgres'].sort(),
    );
  });

  it.each([
    'ALTER TABLE order_summary DROP COLUMN attention',
    'ALTER TABLE order_summary RENAME COLUMN number TO name',
    'ALTER TABLE order_summary ALTER COLUMN attention SET NOT NULL',
    'ALTER TABLE order_summary ALTER COLUMN version TYPE bigint',
    'ALTER TABLE order_summary ADD COLUMN delivery text NOT NULL',
    'DROP TABLE order_history',
    'TRUNCATE order_history',
  ])('are refused with: %s', (statement) => {
    const migration = `await runner.query(\`${statement}\`);`;
    expect(takesAway(migration)).toHaveLength(1);
    expect(takesAway(`// Unused since 0.3.0, which stopped writing it.\n${migration}`)).toEqual([]);
  });

  it.each([
    `ALTER TABLE order_summary ADD COLUMN delivery text NOT NULL DEFAULT 'standard'`,
    'ALTER TABLE order_summary ADD COLUMN delivery text',
    'CREATE TABLE a (id text NOT NULL, CONSTRAINT a_pkey PRIMARY KEY (id))',
    'CREATE INDEX a_recent ON a USING brin (id)',
    'DROP INDEX a_recent',
  ])('may say: %s', (statement) => {
    expect(takesAway(`await runner.query(\`${statement}\`);`)).toEqual([]);
  });
});
