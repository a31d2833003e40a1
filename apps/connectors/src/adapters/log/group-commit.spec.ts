import type { EventLog, NewRecord } from '@instep/event-log';
import { LogUnavailable, RecordTooLarge } from '@instep/event-log';
import { describe, expect, it } from '@jest/globals';

import { GroupCommit } from './group-commit.ts';

interface Call {
  readonly keys: readonly string[];
  readonly sizes: readonly number[];
  answer(error?: Error): void;
}

/** A log whose appends wait until the test answers them. */
function heldLog(): { readonly log: EventLog; readonly calls: Call[]; called(count: number): Promise<void> } {
  const calls: Call[] = [];
  const log = {
    append: (_target: unknown, records: readonly NewRecord[]) =>
      new Promise((resolve, reject) => {
        calls.push({
          keys: records.map(({ key }) => key),
          sizes: records.map(({ value }) => value.length),
          answer: (error) => {
            if (error) reject(error);
            else resolve({ firstOffset: 0 });
          },
        });
      }),
  } as unknown as EventLog;
  const called = async (count: number): Promise<void> => {
    while (calls.length < count) await new Promise(setImmediate);
  };
  return { log, calls, called };
}

const record = (key: string, bytes = 10): NewRecord => ({ key, type: 'webhook.received', sequence: undefined, value: Buffer.alloc(bytes) });
/** One key, so one partition. */
const same = 'demo/a';

describe('group commit', () => {
  it('appends together what came while an append was under way, in order, one append at a time', async () => {
    const { log, calls, called } = heldLog();
    const raw = new GroupCommit(log, 'raw.shopify', { deadlineMs: 5_000, patienceMs: 0 });
    const first = raw.append(record(same));
    await called(1);
    const later = [1, 2, 3].map(() => raw.append(record(same)));
    await new Promise(setImmediate);
    expect(calls).toHaveLength(1);
    calls[0]?.answer();
    await first;
    await called(2);
    expect(calls[1]?.keys).toHaveLength(3);
    calls[1]?.answer();
    await Promise.all(later);
  });

  it('tells everybody in a group that it failed, and goes on', async () => {
    const { log, calls, called } = heldLog();
    const raw = new GroupCommit(log, 'raw.shopify', { deadlineMs: 5_000, patienceMs: 0 });
    const both = [raw.append(record(same)), raw.append(record(same))].map((each) => each.catch((error: unknown) => error));
    await called(1);
    calls[0]?.answer(new LogUnavailable('away'));
    expect(await Promise.all(both)).toEqual([
      expect.objectContaining({ code: 'log/unavailable' }),
      expect.objectContaining({ code: 'log/unavailable' }),
    ]);
    const next = raw.append(record(same));
    await called(2);
    calls[1]?.answer();
    await next;
  });

  it('tries again for a while when the log is unavailable, before those that came later', async () => {
    const { log, calls, called } = heldLog();
    const raw = new GroupCommit(log, 'raw.shopify', { deadlineMs: 5_000, patienceMs: 4_000 });
    const first = raw.append(record(same, 1));
    await called(1);
    const second = raw.append(record(same, 2));
    calls[0]?.answer(new LogUnavailable('leader moves'));
    await called(2);
    expect(calls[1]?.sizes).toEqual([1, 2]);
    calls[1]?.answer();
    await Promise.all([first, second]);
  });

  it('does not let one that is too large take the others along', async () => {
    const { log, calls, called } = heldLog();
    const raw = new GroupCommit(log, 'raw.shopify', { deadlineMs: 5_000, patienceMs: 0 });
    const outcomes = [raw.append(record(same)), raw.append(record(same, 99))].map((each) =>
      each.then(
        () => 'stored',
        (error: unknown) => (error as { code: string }).code,
      ),
    );
    await called(1);
    calls[0]?.answer(new RecordTooLarge('too large'));
    await called(2);
    calls[1]?.answer();
    await called(3);
    calls[2]?.answer(new RecordTooLarge('too large'));
    expect(await Promise.all(outcomes)).toEqual(['stored', 'log/record-too-large']);
  });

  it('gives up at the deadline and does not append later what had not begun', async () => {
    const { log, calls, called } = heldLog();
    const raw = new GroupCommit(log, 'raw.shopify', { deadlineMs: 30, patienceMs: 0 });
    const begun = raw.append(record(same));
    const held = expect(begun).rejects.toMatchObject({ code: 'log/unavailable' });
    await called(1);
    await expect(raw.append(record(same))).rejects.toMatchObject({ code: 'log/unavailable' });
    await held;
    calls[0]?.answer();
    const next = raw.append(record('demo/a'));
    await called(2);
    expect(calls[1]?.keys).toHaveLength(1);
    calls[1]?.answer();
    await next;
  });

  it('refuses at once when too much waits', async () => {
    const { log, calls, called } = heldLog();
    const raw = new GroupCommit(log, 'raw.shopify', { deadlineMs: 5_000, patienceMs: 0, mostWaitingBytes: 25 });
    const waiting = [raw.append(record(same)), raw.append(record(same))];
    await expect(raw.append(record(same))).rejects.toMatchObject({ code: 'log/unavailable' });
    await called(1);
    calls[0]?.answer();
    await Promise.all(waiting);
  });

  it('keeps an append within its bytes and records', async () => {
    const { log, calls, called } = heldLog();
    const raw = new GroupCommit(log, 'raw.shopify', { deadlineMs: 5_000, patienceMs: 0, mostRecords: 2, mostBytes: 15 });
    const all = [raw.append(record(same, 20)), raw.append(record(same, 5)), raw.append(record(same, 5)), raw.append(record(same, 5))];
    for (let count = 1; count <= 3; count += 1) {
      await called(count);
      calls[count - 1]?.answer();
    }
    await Promise.all(all);
    expect(calls.map(({ keys }) => keys.length)).toEqual([1, 2, 1]);
  });
});
