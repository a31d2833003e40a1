import { randomFillSync } from 'node:crypto';

let wanted: string | undefined;

/** Ids of traces and spans as the SDK asks for them: random, except for the span that `withSpanId` makes. */
export const spanIds = {
  generateTraceId: (): string => randomHex(16),
  generateSpanId: (): string => wanted ?? randomHex(8),
};

/** Spans made within `make` get this id: events in the log refer to it already. */
export function withSpanId<Made>(id: string | undefined, make: () => Made): Made {
  wanted = id;
  try {
    return make();
  } finally {
    wanted = undefined;
  }
}

function randomHex(bytes: number): string {
  return randomFillSync(Buffer.allocUnsafe(bytes)).toString('hex');
}
