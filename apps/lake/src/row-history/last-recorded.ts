import type { LakeFile } from '../manifest/lake-file.ts';

/**
 * When the newest record of these files was recorded, in milliseconds since 1970; 0 when nothing says so. What was recorded later may be missing:
 * files alone know no more.
 */
export function lastRecorded(files: readonly LakeFile[]): number {
  return files.reduce((last, { recorded }) => (recorded === null ? last : Math.max(last, Date.parse(recorded.to))), 0);
}
