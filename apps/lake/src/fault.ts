export type LakeFaultCode =
  | 'lake/already-exporting'
  | 'lake/bad-option'
  | 'lake/disk-full'
  | 'lake/empty'
  | 'lake/file-damaged'
  | 'lake/history-stale'
  | 'lake/log-behind'
  | 'lake/log-gap'
  | 'lake/manifest-damaged'
  | 'lake/no-history'
  | 'lake/not-restorable'
  | 'lake/older-file'
  | 'lake/outside-history'
  | 'lake/query-refused'
  | 'lake/query-failed'
  | 'lake/query-overran'
  | 'lake/restore-disturbed'
  | 'lake/unsafe-folder';

/** Something that a person can put right. The message is a sentence that says what, where, and what to do. */
export class LakeFault extends Error {
  readonly code: LakeFaultCode;

  constructor(code: LakeFaultCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'LakeFault';
    this.code = code;
  }
}

/** A full disk in words; everything else as it is. */
export function asLakeFault(error: unknown, folder: string): unknown {
  if (isFullDisk(error)) {
    return new LakeFault(
      'lake/disk-full',
      `The disk of ${folder} is full. Nothing is lost: make room and run the command again, it goes on where it stopped.`,
      error,
    );
  }
  return error;
}

export function isFullDisk(error: unknown): boolean {
  const text = error instanceof Error ? error.message : String(error);
  const code = (error as { code?: unknown } | undefined)?.code;
  return (
    code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG' || /no space left|could not write|disk quota|file too large/i.test(text)
  );
}
