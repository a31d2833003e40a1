import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { pathOf, type LakeFile } from './lake-file.ts';
import { manifestPath, ManifestWriter, readManifest } from './manifest-file.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lake-manifest-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function file(first: number, last: number, kind: LakeFile['kind'] = 'piece'): LakeFile {
  return {
    ...{ path: pathOf('orders', 0, first, last), kind, topic: 'orders', partition: 0, first, last, rows: last - first + 1 },
    ...{ bytes: 1, sha256: '', valueBytes: 1, lastSequence: last + 1, repeated: 0, faults: 0, occurred: null, recorded: null, events: {} },
  };
}

function written(...changes: readonly (readonly [readonly LakeFile[], readonly LakeFile[]])[]): void {
  const writer = ManifestWriter.open(folder);
  for (const [added, retired] of changes) writer.commit({ added, retired: retired.map(({ path }) => path) });
  writer.close();
}

describe('a manifest', () => {
  it('says what is part of the lake after each change', () => {
    written([[file(0, 9)], []], [[file(10, 14)], []], [[file(0, 19, 'block')], [file(0, 9), file(10, 14)]]);
    expect(readManifest(folder).files()).toEqual([file(0, 19, 'block')]);
    expect([...readManifest(folder).retired]).toEqual([file(0, 9).path, file(10, 14).path]);
  });

  it('leaves out a line that a crash cut off, and goes on behind it', () => {
    written([[file(0, 9)], []]);
    appendFileSync(manifestPath(folder), '{"after":"x","added":[{"pa');
    expect(readManifest(folder).files()).toEqual([file(0, 9)]);
    written([[file(10, 14)], []]);
    expect(readManifest(folder).files()).toEqual([file(0, 9), file(10, 14)]);
  });

  it.each([
    ['altered', (lines: string[]) => lines.with(1, (lines[1] ?? '').replace('"rows":5', '"rows":6'))],
    ['taken out', (lines: string[]) => lines.toSpliced(1, 1)],
    ['put in another order', (lines: string[]) => [lines[1] ?? '', lines[0] ?? '', ...lines.slice(2)]],
  ])('names the line when one was %s', (_, change) => {
    written([[file(0, 9)], []], [[file(10, 14)], []], [[file(15, 15)], []]);
    const lines = readFileSync(manifestPath(folder), 'utf8').split('\n');
    writeFileSync(manifestPath(folder), change(lines).join('\n'));
    expect(() => readManifest(folder)).toThrow(/Line \d of .*manifest\.ndjson was altered|The manifest has/);
  });

  it('takes no file that leaves a gap or an overlap, and then nothing of the change', () => {
    const writer = ManifestWriter.open(folder);
    writer.commit({ added: [file(0, 9)], retired: [] });
    expect(() => writer.commit({ added: [file(11, 14)], retired: [] })).toThrow(/goes on at offset 10/);
    expect(() => writer.commit({ added: [file(5, 14)], retired: [] })).toThrow(/goes on at offset 10/);
    writer.commit({ added: [file(10, 14)], retired: [] });
    writer.close();
    expect(readManifest(folder).files()).toHaveLength(2);
  });
});
