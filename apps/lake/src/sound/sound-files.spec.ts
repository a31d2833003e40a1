import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { flipBit } from '../testing/flip.ts';
import { readNotes } from './notes-file.ts';
import { SoundFiles, type NamedFile } from './sound-files.ts';

let folder: string;
let files: readonly NamedFile[];
let path: string;

const otherBytes = 'is damaged, its bytes are not those that were written';

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sound-'));
  files = ['a', 'b', 'c'].map((name) => {
    const bytes = Buffer.alloc(1000, name);
    writeFileSync(join(folder, name), bytes);
    return { path: name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  });
  path = join(folder, 'b');
  await settled(folder);
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Until what was written just now could not be changed again within the same step of the clock. */
async function settled(of: string): Promise<void> {
  while (Date.now() - statSync(join(of, 'c')).ctimeMs <= 60) await pause(10);
}

/** What another process finds, which knows what is noted and nothing else. */
async function found(of = folder): Promise<string | undefined> {
  const sound = new SoundFiles(of);
  const unsound = await sound.firstUnsound(files);
  sound.save();
  return unsound && `${unsound.path} ${unsound.what}`;
}

/** Notes a file as sound without looking at it: whether it is read again shows then. */
function noteBlindly(file = files[1]): void {
  const sound = new SoundFiles(folder);
  if (file) sound.note(file);
  sound.save();
}

describe('files that are compared with their checksums', () => {
  it('are read once by all who read', async () => {
    expect(await found()).toBeUndefined();
    expect([...readNotes(folder).keys()].sort()).toEqual(['a', 'b', 'c']);
    flipBit(path, 500);
    noteBlindly();
    expect(await found()).toBeUndefined();
  });

  it('are read again, whatever is noted, by who asks for every byte; what is damaged is noted no more', async () => {
    flipBit(path, 500);
    noteBlindly();
    const sound = new SoundFiles(folder);
    const [, b] = files;
    expect(b && (await sound.inspect(b))).toBe(otherBytes);
    sound.save();
    expect(await found()).toBe(`b ${otherBytes}`);
  });

  it.each([
    ['a bit of it is another', () => flipBit(path, 500)],
    ['a bit is another and its time was set back', keepingTimes(() => flipBit(path, 500))],
    ['another one of the same length was put in its place', () => renameSync(join(folder, 'a'), path)],
    ['another one was copied over it, its time with it', keepingTimes(() => copyFileSync(join(folder, 'c'), path))],
  ])('are read again when %s', async (_, harm) => {
    expect(await found()).toBeUndefined();
    const aside = [...files];
    files = files.filter((file) => file.path !== 'a');
    harm();
    expect(await found()).toBe(`b ${otherBytes}`);
    files = aside;
  });

  it('are read again where they were copied to, notes and all', async () => {
    expect(await found()).toBeUndefined();
    const copy = join(folder, 'copy');
    mkdirSync(copy);
    for (const name of ['a', 'b', 'c', '.sound-files']) cpSync(join(folder, name), join(copy, name), { preserveTimestamps: true });
    flipBit(join(copy, 'b'), 999, 7);
    await settled(copy);
    expect(await found(copy)).toBe(`b ${otherBytes}`);
  });

  it('are read again when the manifest says something else of them', async () => {
    expect(await found()).toBeUndefined();
    files = files.map((file) => (file.path === 'b' ? { ...file, sha256: file.sha256.replace(/^./, 'x') } : file));
    expect(await found()).toBe(`b ${otherBytes}`);
  });

  it('are read again when notes are gone or cannot be kept, and by each process once', async () => {
    mkdirSync(join(folder, '.sound-files', 'in the way'), { recursive: true });
    const sound = new SoundFiles(folder);
    expect(await sound.firstUnsound(files)).toBeUndefined();
    expect(sound.save()).toBe('impossible');
    expect(await sound.firstUnsound(files)).toBeUndefined();
    flipBit(path, 500);
    expect(await sound.firstUnsound(files)).toEqual({ path: 'b', what: otherBytes });
    expect(await found()).toBe(`b ${otherBytes}`);
  });

  it('are named when they are missing or of another length', async () => {
    writeFileSync(path, 'short');
    expect(await found()).toBe('b is damaged, it has 5 bytes instead of 1000');
    rmSync(path);
    expect(await found()).toBe('b is missing');
  });

  it('are not noted while their time may still be that of another change', async () => {
    const deadline = Date.now() + 20_000;
    for (let isYoung = false; !isYoung;) {
      if (Date.now() > deadline) throw new Error('this machine needs more than 50 ms to read three small files');
      writeFileSync(path, Buffer.alloc(1000, 'b'));
      rmSync(join(folder, '.sound-files'), { force: true });
      expect(await found()).toBeUndefined();
      isYoung = Date.now() - statSync(path).ctimeMs < 50;
    }
    expect([...readNotes(folder).keys()].sort()).toEqual(['a', 'c']);
  });

  it('keep what several noted at once', async () => {
    const two = files.map((file) => {
      const sound = new SoundFiles(folder);
      sound.note(file);
      return sound;
    });
    for (const sound of two) expect(sound.save()).toBe('changed');
    expect([...readNotes(folder).keys()].sort()).toEqual(['a', 'b', 'c']);
  });
});

function keepingTimes(harm: () => void): () => void {
  return () => {
    const { atime, mtime } = statSync(path);
    harm();
    utimesSync(path, atime, mtime);
  };
}
