import type { DepartmentDefinition } from '@instep/department';
import { switchView } from '@instep/postgres';
import { testDatabase, type TestDatabase } from '@instep/postgres/testing';
import { createLogger } from '@instep/telemetry';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EntitySchema, type MigrationInterface, type QueryRunner } from 'typeorm';

import { readEnvironment } from './config.ts';
import { openGround } from './open-ground.ts';

const definition: DepartmentDefinition = {
  ...{ service: 'crm', consumer: 'crm.events', streams: [], topics: [], projections: [], reactions: [] },
};

const customer = { tenant: { type: 'text', primary: true }, id: { type: 'text', primary: true } } as const;

function migration(name: string, statement: string): new () => MigrationInterface {
  return class implements MigrationInterface {
    readonly name = name;
    async up(runner: QueryRunner): Promise<void> {
      await runner.query(statement);
    }
    async down(): Promise<void> {
      await Promise.resolve();
    }
  };
}

const makeCustomer = migration('MakeCustomer1795622400000', 'CREATE TABLE customer (tenant text, id text, PRIMARY KEY (tenant, id))');
const addColour = migration('AddColour1795622500000', 'ALTER TABLE customer ADD COLUMN colour text');

const earlier = { entities: [new EntitySchema<object>({ name: 'customer', columns: customer })], migrations: [makeCustomer] };
const later = {
  entities: [new EntitySchema<object>({ name: 'customer', columns: { ...customer, colour: { type: 'text', nullable: true } } })],
  migrations: [makeCustomer, addColour],
};

describe('preparing the database of a service', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await testDatabase();
  });

  afterAll(async () => {
    await database.drop();
  });

  async function prepare(service: Parameters<typeof openGround>[0]): Promise<void> {
    const environment = { DATABASE_URL: database.url, KAFKA_BROKERS: '127.0.0.1:1' };
    const { config } = readEnvironment(environment, 0, {});
    const ground = openGround(service, definition, config, createLogger({ service: 'crm', level: 'silent' }));
    try {
      await ground.prepareDatabase();
    } finally {
      await ground.closeDatabase();
      await ground.closeLog();
    }
  }

  it('waits with a column that the version of a view which is read does not have', async () => {
    await prepare(earlier);
    await database.query('CREATE SCHEMA view_customer_v2');
    await database.query('CREATE TABLE view_customer_v2.customer AS TABLE customer');
    const connection = { url: database.url, service: 'crm' };
    await switchView(connection, { view: 'customer', version: 2, schema: 'view_customer_v2' });
    await prepare(earlier);
    await expect(prepare(later)).rejects.toMatchObject({ code: 'database/switched-view-too-old' });
    await switchView(connection, { view: 'customer', version: 1, schema: 'public' });
    await prepare(later);
  }, 30_000);
});
