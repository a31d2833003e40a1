import { beforeEach, describe, expect, it } from '@jest/globals';

import { sample, WrittenLog } from '../../test/written-log.ts';
import { checkHistory } from './check-history.ts';

describe('the history of a log', () => {
  let written: WrittenLog;
  beforeEach(() => {
    written = new WrittenLog();
  });
  const codes = async (options = {}) => (await checkHistory(written.log, options)).findings.map(({ code }) => code);

  it('is as it must be when every record is as its owner writes it', async () => {
    const raw = await written.write({ ...sample.webhook('sample:order:1', { id: 1 }), event: {} });
    const placed = await written.write(sample.confirmed('sample:1'));
    const reserved = await written.write({ ...sample.reserved('sample:1'), event: written.caused(placed) });
    await written.write({ ...sample.completed('sample:1'), event: written.caused(reserved) });
    await written.write({ ...sample.posted('sample:1'), event: written.caused(placed) });
    expect(raw.offset).toBe(0);
    const report = await checkHistory(written.log);
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ records: 5, repeated: 0, streams: 3, causes: 3, found: {} });
    const orders = report.partitions.filter(({ topic, records }) => topic === 'orders' && records > 0);
    expect(orders).toMatchObject([{ records: 2, distinct: 2, firstNumber: 1, lastNumber: 2, streams: 1, findings: 0 }]);
  });

  it('finds nothing in an empty log, and says how much there was', async () => {
    expect(await checkHistory(written.log)).toMatchObject({ records: 0, findings: [] });
  });

  describe('numbers', () => {
    it('drops repetitions that are equal to the first, however many and wherever', async () => {
      for (const n of [1, 2, 3, 2, 3, 4, 5, 3, 6]) {
        const event = {
          id: `id-${String(n)}`,
          streamversion: n,
          recordedtime: '2026-03-01T10:00:00.000Z',
          time: '2026-03-01T10:00:00.000Z',
        };
        await written.write({ ...sample.confirmed('sample:1'), n, event: { ...event, correlationid: 'c', causationid: 'request/1/h' } });
      }
      const report = await checkHistory(written.log);
      expect(report.findings).toEqual([]);
      expect(report.repeated).toBe(3);
      expect(report.partitions.find(({ records }) => records > 0)).toMatchObject({ distinct: 6, lastNumber: 6, repeated: 3 });
    });

    it('names a repetition with other content, and the record that it should equal', async () => {
      await written.write({ ...sample.confirmed('sample:1'), n: 1 });
      const { offset } = await written.write({ ...sample.confirmed('sample:1'), n: 1 });
      const { findings } = await checkHistory(written.log);
      expect(findings).toMatchObject([{ code: 'repetition-differs', topic: 'orders', offset }]);
      expect(findings[0]?.sentence).toContain('offset 0');
    });

    it('names a gap once, and a number that comes after all', async () => {
      for (const n of [1, 4, 5, 2]) await written.write({ ...sample.confirmed('sample:1'), n });
      const { findings } = await checkHistory(written.log);
      expect(findings.map(({ code, offset }) => [code, offset])).toEqual([
        ['number-gap', 1],
        ['number-late', 3],
      ]);
      expect(findings[0]?.sentence).toBe('it carries number 4 after 1');
    });

    it('wants the first number of a partition to be 1', async () => {
      await written.write({ ...sample.confirmed('sample:1'), n: 2, event: { streamversion: 1 } });
      expect(await codes()).toEqual(['number-gap']);
    });

    it('names a record without a number', async () => {
      await written.write({ ...sample.confirmed('sample:1'), n: null });
      expect(await codes()).toEqual(['number-missing']);
    });

    it('lets the epoch rise but not fall', async () => {
      for (const epoch of [1, 2, 1]) await written.write({ ...sample.confirmed('sample:1'), epoch });
      expect(await codes()).toEqual(['epoch-falls']);
    });
  });

  describe('versions', () => {
    it('follow each other in each stream', async () => {
      for (const streamversion of [1, 3, 3]) await written.write({ ...sample.confirmed('sample:1'), event: { streamversion } });
      const { findings } = await checkHistory(written.log);
      expect(findings.map(({ code }) => code)).toEqual(['version-gap', 'version-repeated']);
      expect(findings[0]?.sentence).toBe('order.confirmed of sample:1 has version 3 after 1');
    });

    it('are another stream under the same key when the kind is another', async () => {
      await written.write(sample.confirmed('sample:1'));
      await written.write(sample.reserved('sample:1'));
      expect(await codes()).toEqual([]);
    });

    it('may leave some out where events of other streams count too, but never go back', async () => {
      for (const streamversion of [1, 4]) await written.write({ ...sample.reserved('sample:1'), event: { streamversion } });
      expect(await codes()).toEqual([]);
      await written.write({ ...sample.reserved('sample:1'), event: { streamversion: 4 } });
      expect(await codes()).toEqual(['version-repeated']);
    });
  });

  describe('owners', () => {
    it('names an event of another owner, of another topic, and of another type than its header says', async () => {
      await written.write({ ...sample.confirmed('sample:1'), event: { source: 'instep/crm' } });
      await written.write({ ...sample.confirmed('sample:2'), topic: 'finance', event: { source: 'instep/finance' } });
      await written.write({ ...sample.confirmed('sample:3'), header: 'order.placed' });
      expect((await codes()).sort()).toEqual(['wrong-owner', 'wrong-topic', 'wrong-type']);
    });

    it('names a key that is not of its event, and a record outside the partition of its key', async () => {
      await written.write({ ...sample.confirmed('sample:1'), key: 'demo/sample:2' });
      const { partition } = await written.write(sample.reserved('sample:1'));
      await written.write({ ...sample.posted('sample:1'), partition: (partition + 1) % 3 });
      expect((await codes()).sort()).toEqual(['wrong-key', 'wrong-partition']);
    });
  });

  it('lists what cannot be read, and goes on behind it', async () => {
    await written.write(sample.confirmed('sample:1'));
    await written.write({ ...sample.confirmed('sample:1'), value: Buffer.from('{"half": ') });
    await written.write({ ...sample.confirmed('sample:1'), event: { streamversion: 2 } });
    const { findings, partitions } = await checkHistory(written.log);
    expect(findings).toMatchObject([{ code: 'undecodable', offset: 1 }]);
    expect(partitions.find(({ records }) => records > 0)).toMatchObject({ records: 3, undecodable: 1, distinct: 3 });
  });

  describe('causes', () => {
    it('are looked up wherever they lie: read before, read later, or outside the range', async () => {
      const received = await written.write({ ...sample.reserved('sample:1') });
      await written.write({ ...sample.confirmed('sample:1'), event: written.caused(received) });
      await written.write({ ...sample.posted('sample:1'), event: written.caused(received) });
      expect(await checkHistory(written.log)).toMatchObject({ causes: 2, findings: [] });
      expect(await checkHistory(written.log, { topics: ['finance'] })).toMatchObject({ causes: 1, findings: [] });
    });

    it.each([[undefined], [['orders']]])('names one that is not there, another one, and a later one (topics: %j)', async (topics) => {
      const first = await written.write(sample.reserved('sample:1'));
      const at = written.caused(first);
      const beyond = at.causeposition?.replace(/\d+$/, '7') ?? '';
      await written.write({ ...sample.confirmed('sample:1'), event: { ...at, causeposition: beyond } });
      await written.write({ ...sample.confirmed('sample:1'), event: { ...at, causationid: 'another' } });
      await written.write({ ...sample.confirmed('sample:1'), event: { ...at, recordedtime: '2026-03-01T09:59:59.000Z' } });
      await written.write({ ...sample.confirmed('sample:1'), event: { ...at, causeposition: 'nowhere/0/0' } });
      await written.write({ ...sample.confirmed('sample:1'), event: { ...at, causeposition: 'here' } });
      await written.write({ ...sample.confirmed('sample:1'), event: { causationid: 'nothing' } });
      const report = await checkHistory(written.log, topics ? { topics } : {});
      expect(report.findings.map(({ code }) => code)).toEqual([
        'cause-missing',
        'cause-differs',
        'cause-later',
        'cause-missing',
        'cause-unreadable',
        'cause-unnamed',
      ]);
    });

    it('may be later by as much as clocks differ', async () => {
      const first = await written.write(sample.reserved('sample:1'));
      await written.write({
        ...sample.confirmed('sample:1'),
        event: { ...written.caused(first), recordedtime: '2026-03-01T10:00:00.500Z' },
      });
      expect(await codes()).toEqual(['cause-later']);
      expect(await codes({ skewMs: 500 })).toEqual([]);
    });

    it('may be a record in a version that this release cannot read', async () => {
      const cause = await written.write({ ...sample.reserved('sample:1'), event: { dataschema: 'stock.reserved/99' } });
      await written.write({ ...sample.confirmed('sample:1'), event: written.caused(cause) });
      expect(await codes()).toEqual(['undecodable']);
      expect(await codes({ topics: ['orders'] })).toEqual([]);
    });

    it('of a copy of a parked record may be unreadable', async () => {
      const poison = await written.write({ ...sample.confirmed('sample:1'), value: Buffer.from('poison') });
      const place = `orders/${String(poison.partition)}/0`;
      const data = {
        topic: 'orders',
        partition: poison.partition,
        offset: 0,
        key: 'demo/sample:1',
        type: null,
        code: 'contract/not-an-event',
        reason: 'x',
        value: 'eA==',
      };
      const event = { causationid: place, causeposition: place, correlationid: place };
      await written.write({ type: 'finance.dead-letter', subject: 'orders/sample:1', data, event });
      expect(await codes()).toEqual(['undecodable']);
    });
  });

  describe('a part of it', () => {
    it('is taken by offset or by time, and starts at whatever number and version it finds', async () => {
      for (let n = 1; n <= 5; n += 1) await written.write(sample.confirmed('sample:1'));
      const report = await checkHistory(written.log, { topics: ['orders'], from: 2, to: 4 });
      expect(report).toMatchObject({ records: 2, findings: [] });
      expect(report.partitions.find(({ records }) => records > 0)).toMatchObject({ firstNumber: 3, lastNumber: 4, distinct: 2 });
      expect((await checkHistory(written.log, { from: new Date('2020-01-01T00:00:00Z') })).records).toBe(5);
      expect((await checkHistory(written.log, { to: new Date('2020-01-01T00:00:00Z') })).records).toBe(0);
      expect((await checkHistory(written.log, { from: 1_000 })).records).toBe(0);
    });

    it('refuses a topic that no contract names', async () => {
      await expect(checkHistory(written.log, { topics: ['nothing'] })).rejects.toMatchObject({ code: 'log/unknown-topic' });
    });
  });

  describe('the three-way count', () => {
    const counted = async (before: { n: number; inFlight?: number }, after: { n: number }) => {
      const { partition } = await written.write(sample.confirmed('sample:1'));
      await written.write(sample.confirmed('sample:1'));
      const answers = [before, after].map((counter) => [{ topic: 'orders', partition, ...counter }]);
      return checkHistory(written.log, { counters: () => Promise.resolve(answers.shift() ?? []) });
    };

    it('agrees when the log holds what the database gave out', async () => {
      const report = await counted({ n: 1 }, { n: 2 });
      expect(report.findings).toEqual([]);
      expect(report.partitions.find(({ records }) => records > 0)).toMatchObject({ records: 2, distinct: 2, lastNumber: 2, counter: 2 });
    });

    it('names a log that lost what was acknowledged, but not what is still on its way', async () => {
      expect((await counted({ n: 3 }, { n: 3 })).found).toEqual({ 'log-behind-database': 1 });
    });

    it('lets what is on its way be on its way', async () => {
      expect((await counted({ n: 3, inFlight: 1 }, { n: 3 })).found).toEqual({});
    });

    it('names a database that was restored to an earlier time', async () => {
      expect((await counted({ n: 1 }, { n: 1 })).found).toEqual({ 'database-behind-log': 1 });
    });
  });

  it('keeps the first findings and counts all, and tells how far it is', async () => {
    for (let n = 1; n <= 9; n += 2) await written.write({ ...sample.confirmed('sample:1'), n });
    const told: number[] = [];
    const report = await checkHistory(written.log, { mostFindings: 2, progress: (read, total) => told.push(read, total) });
    expect(report.findings).toHaveLength(2);
    expect(report.found).toEqual({ 'number-gap': 4 });
    expect(told.slice(-2)).toEqual([5, 5]);
  });
});
