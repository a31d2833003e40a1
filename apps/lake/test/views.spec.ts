import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { DuckDBInstance } from '@duckdb/node-api';
import { encodeEvent, olderEvents, recordKey, topics, type CloudEvent, type EventDefinition } from '@instep/contracts';
import { describe, expect, it, jest } from '@jest/globals';
import { Type } from 'typebox';

import { readManifest } from '../src/manifest/manifest-file.ts';
import { defaultQueryLimits } from '../src/query/limits.ts';
import { QuerySession } from '../src/query/query-session.ts';
import { sampleLake } from '../src/testing/lake-in-memory.ts';
import { columnName, definitions, eventView, sqlUpcasts, viewName } from '../src/views/event-views.ts';
import { businessViews, lakeViews, viewsScript } from '../src/views/lake-views.ts';

// Each question starts a process; a busy machine takes its time.
jest.setTimeout(120_000);

const golden = fileURLToPath(new URL('../../../packages/contracts/golden/', import.meta.url));

function samples(): readonly { readonly definition: EventDefinition; readonly event: CloudEvent }[] {
  return definitions.flatMap((definition) => {
    const folder = join(golden, definition.name);
    return readdirSync(folder).map((file) => ({ definition, event: JSON.parse(readFileSync(join(folder, file), 'utf8')) as CloudEvent }));
  });
}

describe('the views of a lake', () => {
  it('show every event of the contracts, each field as a column with the value that was written', async () => {
    const lake = sampleLake(Object.fromEntries(Object.keys(topics).map((name) => [name, 1])));
    const all = samples();
    for (const { definition, event } of all)
      await lake.append(definition.topic, 0, [
        { key: recordKey(event.tenant, event.subject), type: event.type, sequence: undefined, value: Buffer.from(encodeEvent(event)) },
      ]);
    await lake.export();
    const scratch = mkdtempSync(join(tmpdir(), 'lake-views-'));
    const session = await QuerySession.open({ lake: lake.folder, scratch }, { ...defaultQueryLimits, personal: 'shown' });
    const different: unknown[] = [];
    for (const { definition, event } of all) {
      const data = event.data as Readonly<Record<string, unknown>>;
      const select = Object.keys(data).map((field) => `to_json(${columnName(field)})::VARCHAR AS "${field}"`);
      const read = await session.connection.runAndReadAll(
        `SELECT ${select.join(', ')} FROM ${viewName(definition.name)} WHERE id = '${event.id}'`,
      );
      const [row] = read.getRowObjectsJson();
      for (const [field, value] of Object.entries(data)) {
        const shown: unknown = JSON.parse((row?.[field] ?? 'null') as string);
        if (!sameValue(value, shown)) different.push({ event: definition.name, field, value, shown });
      }
    }
    expect(all.length).toBeGreaterThan(40);
    expect(different).toEqual([]);
    for (const { name } of businessViews()) await session.connection.run(`SELECT * FROM ${name} LIMIT 1`);
    session.connection.closeSync();
    rmSync(scratch, { recursive: true });
    await lake.remove();
  });

  it('are there, and empty, before the first export', async () => {
    const lake = sampleLake({ orders: 1 });
    const scratch = mkdtempSync(join(tmpdir(), 'lake-views-'));
    const session = await QuerySession.open({ lake: lake.folder, scratch }, defaultQueryLimits);
    for (const { name } of lakeViews(readManifest(lake.folder), (path) => path)) {
      const read = await session.connection.runAndReadAll(`SELECT count(*)::INTEGER FROM ${name}`);
      expect([name, read.getRowsJson()[0]?.[0]]).toEqual([name, 0]);
    }
    expect(viewsScript(readManifest(lake.folder))).toContain('CREATE OR REPLACE VIEW orders AS');
    session.connection.closeSync();
    rmSync(scratch, { recursive: true });
    await lake.remove();
  });

  it('have an upcast in SQL for each one of the contracts', () => {
    expect(olderEvents.filter(({ upcast }) => upcast).map(({ name, version }) => `${name}/${version}`)).toEqual(Object.keys(sqlUpcasts));
  });

  it('show an older version as the newest, by the upcast in SQL', async () => {
    const define = (version: number, fields: Parameters<typeof Type.Object>[0]): EventDefinition => ({
      name: 'thing.counted',
      version,
      owner: 'inventory',
      topic: 'inventory',
      stream: 'thing',
      meaning: 'A thing was counted.',
      data: Type.Object(fields),
    });
    const older = [define(1, { count: Type.String() }), define(2, { pieces: Type.String() })];
    const newest = define(3, { pieces: Type.String(), unit: Type.String() });
    const upcasts = {
      'thing.counted/1': "json_object('pieces', data->>'count')",
      'thing.counted/2': 'json_merge_patch(data, \'{"unit": "piece"}\')',
    };
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const rows = [
      [1, '{"count": "5"}'],
      [2, '{"pieces": "6"}'],
      [3, '{"pieces": "7", "unit": "box"}'],
    ].map(([version, data], off) => `('thing.counted', ${version}, '${data}', ${off})`);
    const columns = [
      'topic',
      'p',
      'occurred_at',
      'recorded_at',
      'appended_at',
      'id',
      'tenant',
      'key',
      'subject',
      'stream_version',
      'epoch',
      'seq',
      'source',
      'actor',
      'correlation_id',
      'causation_id',
      'cause_position',
      'traceparent',
      'tracestate',
    ];
    await connection.run(
      `CREATE TABLE log AS SELECT *, ${columns.map((name) => `NULL AS ${name}`).join(', ')} FROM (VALUES ${rows.join(', ')}) AS t(type, type_version, data, off)`,
    );
    const { sql } = eventView(newest, 'log', { older, upcasts });
    const read = await connection.runAndReadAll(`SELECT written_as, pieces, unit FROM (${sql}) ORDER BY off`);
    expect(read.getRowsJson()).toEqual([
      [1, '5', 'piece'],
      [2, '6', 'piece'],
      [3, '7', 'box'],
    ]);
    expect(() => eventView(newest, 'log', { older, upcasts: {} })).toThrow(
      'thing.counted/1 has an upcast in the contracts and none in SQL',
    );
    connection.closeSync();
  });
});

/** Decimals and times are equal as values; a field that is absent reads as null. */
function sameValue(written: unknown, shown: unknown): boolean {
  if (typeof written === 'object' && written !== null && typeof shown === 'object' && shown !== null) {
    if (Array.isArray(written))
      return Array.isArray(shown) && written.length === shown.length && written.every((each, index) => sameValue(each, shown[index]));
    const [one, two] = [written as Readonly<Record<string, unknown>>, shown as Readonly<Record<string, unknown>>];
    return [...new Set([...Object.keys(one), ...Object.keys(two)])].every((key) => sameValue(one[key] ?? null, two[key] ?? null));
  }
  if (written === shown) return true;
  if (typeof written === 'string' && (typeof shown === 'string' || typeof shown === 'number')) {
    const text = String(shown);
    if (/^-?\d+(\.\d+)?$/.test(written)) return Number(written) === Number(text);
    return /^\d{4}-\d\d-\d\dT/.test(written) && Date.parse(written) === Date.parse(text.replace(' ', 'T').replace(/\+00$/, 'Z'));
  }
  return false;
}
