import { LakeFault } from '../fault.ts';
import { newestSound } from '../manifest/newest-sound.ts';
import type { SoundFiles } from '../sound/sound-files.ts';
import { HISTORY_REMEDY, readHistory, type HistoryFile, type HistoryManifest } from './history-manifest.ts';

type OnLong = Parameters<SoundFiles['firstUnsound']>[1];

/** What a row history consists of now, once all its files are known to be sound. Throws `LakeFault` when one is not. */
export async function soundHistory(sound: SoundFiles, onLong: OnLong): Promise<HistoryManifest> {
  try {
    return await newestSound(
      () => readHistory(sound.folder),
      ({ changes }) => changes,
      (history) => assertSound(sound, history.files(), onLong),
    );
  } finally {
    sound.save();
  }
}

/** Throws `LakeFault` when one of them is missing or has other bytes than were written. */
export async function assertSound(sound: SoundFiles, files: readonly HistoryFile[], onLong?: OnLong): Promise<void> {
  const unsound = await sound.firstUnsound(files, onLong);
  if (unsound) throw damaged(unsound.path, unsound.what);
}

/** The same, whatever is noted, for files that go into another one: what is wrong in them would be right there. */
export async function assertEveryByte(sound: SoundFiles, files: readonly HistoryFile[]): Promise<void> {
  for (const file of files) {
    const what = await sound.inspect(file);
    if (what !== undefined) throw damaged(file.path, what);
  }
}

function damaged(path: string, what: string): LakeFault {
  return new LakeFault('lake/file-damaged', `${path} of the row history ${what}: restore it from a copy, or ${HISTORY_REMEDY}.`);
}
