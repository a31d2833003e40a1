import { LakeFault } from '../fault.ts';
import type { NamedFile, SoundFiles } from '../sound/sound-files.ts';

/** Throws `LakeFault` when a file of the lake is missing or has other bytes than were written: an answer from it would be silently wrong. */
export async function assertFilesSound(sound: SoundFiles, files: readonly NamedFile[]): Promise<void> {
  const unsound = await sound.firstUnsound(files, sayChecking);
  if (!unsound) return;
  throw new LakeFault(
    'lake/file-damaged',
    `${unsound.path} ${unsound.what} (in ${sound.folder}): restore it from a copy, or export into a new folder. npm run lake -- verify names all that is wrong.`,
  );
}

/** What keeps whoever waits for the first answer from a lake that was copied. */
export function sayChecking(files: number, bytes: number): void {
  const size = bytes < 1e9 ? `${(bytes / 1e6).toFixed(0)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
  process.stderr.write(
    `checking ${files.toLocaleString('en-US')} ${files === 1 ? 'file that is' : 'files that are'} new here, ${size} …\n`,
  );
}
