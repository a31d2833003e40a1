export type ReplayFaultCode =
  | 'replay/bad-option'
  | 'replay/target-exists'
  | 'replay/unknown-job'
  | 'replay/busy'
  | 'replay/comparison-red'
  | 'replay/no-database'
  | 'replay/not-built'
  | 'replay/stopped'
  | 'replay/disk-full'
  | 'replay/unknown-version'
  | 'replay/not-replayable'
  | 'replay/target-changed';

/** Something that a person can put right. The message is a sentence that says what, where, and what to do. */
export class ReplayFault extends Error {
  readonly code: ReplayFaultCode;

  constructor(code: ReplayFaultCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ReplayFault';
    this.code = code;
  }
}

/** A full disk in words; everything else as it is. */
export function asReplayFault(error: unknown, path: string): unknown {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  const text = error instanceof Error ? error.message : String(error);
  if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'EFBIG' && !/no space left|disk quota|file too large/i.test(text)) return error;
  return new ReplayFault(
    'replay/disk-full',
    `The disk of ${path} is full. What was written is kept and has no name of its own yet: make room, then resume the replay.`,
    error,
  );
}
