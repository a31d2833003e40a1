import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { changeNotes, readNotes } from './notes-file.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'notes-'));
  file = join(folder, '.sound-files');
});

afterEach(() => rmSync(folder, { recursive: true }));

const one = new Map([['topic=a/1', '1 2 3 x']]);

describe('notes of which files are sound', () => {
  it('are read as they were written, each change on top of the one before', () => {
    expect(changeNotes(folder, () => one)).toBe('changed');
    expect(changeNotes(folder, (noted) => new Map([...noted, ['b', '4 5 6 y']]))).toBe('changed');
    expect([...readNotes(folder)]).toEqual([...one, ['b', '4 5 6 y']]);
    expect(existsSync(`${file}.tmp`)).toBe(false);
  });

  it('are changed by one at a time: who comes in between finds it busy and spoils nothing', () => {
    const changed = changeNotes(folder, () => {
      expect(changeNotes(folder, () => new Map([['other', 'z']]))).toBe('busy');
      return one;
    });
    expect(changed).toBe('changed');
    expect(readNotes(folder)).toEqual(one);
  });

  it('are changed again when one was killed in the middle', () => {
    writeFileSync(`${file}.tmp`, 'half');
    expect(changeNotes(folder, () => one)).toBe('busy');
    const before = Date.now() / 1000 - 60;
    utimesSync(`${file}.tmp`, before, before);
    expect(changeNotes(folder, () => one)).toBe('changed');
    expect(readNotes(folder)).toEqual(one);
  });

  it.each([
    ['are not text', (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0xff))],
    ['have another head', (bytes: Buffer) => Buffer.concat([Buffer.from('#'), bytes])],
    ['are empty', () => Buffer.alloc(0)],
  ])('say nothing when they %s', (_, spoil) => {
    changeNotes(folder, () => one);
    writeFileSync(file, spoil(readFileSync(file)));
    expect(readNotes(folder)).toEqual(new Map());
  });

  it('say nothing where they cannot be kept', () => {
    mkdirSync(join(file, 'in the way'), { recursive: true });
    expect(changeNotes(folder, () => one)).toBe('impossible');
    expect(changeNotes(join(folder, 'nowhere'), () => one)).toBe('impossible');
    expect(readNotes(folder)).toEqual(new Map());
    expect(existsSync(`${file}.tmp`)).toBe(false);
  });
});
