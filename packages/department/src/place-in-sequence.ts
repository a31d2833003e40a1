import type { Sequence } from '@instep/event-log';

/**
 * Where a record stands to the last one that was applied of its partition. In one epoch a number is given once, so one that is not higher is
 * the same record again. A higher epoch is the word of a writer that caught up from the log after a restore: whatever number it carries, it
 * is new, and must not be taken for a repetition. A lower epoch is the writer of before, which nobody listens to any more.
 */
export function placeOf(sequence: Sequence, last: Sequence): 'next' | 'repeated' | 'gap' {
  if (sequence.n > last.n + 1 && sequence.epoch >= last.epoch) return 'gap';
  if (sequence.epoch < last.epoch || (sequence.epoch === last.epoch && sequence.n <= last.n)) return 'repeated';
  return 'next';
}
