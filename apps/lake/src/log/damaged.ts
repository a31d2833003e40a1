import { LakeFault } from '../fault.ts';
import type { LakeFile } from '../manifest/lake-file.ts';

export function damaged({ path }: LakeFile, why: string): LakeFault {
  return new LakeFault('lake/file-damaged', `${path} is damaged: ${why}; restore it from a copy, or export into a new folder.`);
}
