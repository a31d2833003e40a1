import type { LakeFile } from '../manifest/lake-file.ts';
import type { BlockLimits } from './limits.ts';

/** Size of what lies at the end of a partition and is no block yet. */
interface Size {
  readonly rows: number;
  readonly valueBytes: number;
}

/** Files at the end of a partition that belong to no block yet. */
export function piecesAtEnd(files: readonly LakeFile[]): readonly LakeFile[] {
  const lastWhole = files.findLastIndex(({ kind }) => kind !== 'piece');
  return files.slice(lastWhole + 1);
}

/** Whether a block that has grown to this size is complete. */
export function completesBlock({ rows, valueBytes }: Size, limits: BlockLimits): boolean {
  return rows >= limits.records || valueBytes >= limits.bytes;
}

/**
 * Pieces that go into the next file together with `rows` new records. All of them where the block is complete: the block is then the same,
 * byte for byte, however many pieces it came in. Else those at the end that are not larger than what follows them: a record is written
 * again a few times at most, and a block never lies in more than a few pieces.
 */
export function piecesToReplace(pieces: readonly LakeFile[], rows: number, complete: boolean): readonly LakeFile[] {
  if (complete) return pieces;
  let from = pieces.length;
  let following = rows;
  for (let piece = pieces[from - 1]; piece !== undefined && piece.rows <= following; piece = pieces[from - 1]) {
    following += piece.rows;
    from -= 1;
  }
  return pieces.slice(from);
}
