import { Type } from 'typebox';
import type { Static } from 'typebox';

import { Instant, Text } from '../fragments.ts';

/** Which report of a channel is the newest one known: by its time, and among reports of the same time by `tie`, the greater text. */
export const ReportStamp = Type.Object({ at: Instant, tie: Text }, { additionalProperties: false });
export type ReportStamp = Static<typeof ReportStamp>;

/** The newest report known when the event was recorded. Only order-intake needs it: it tells stale reports from new ones. */
export const AsOf = Type.Optional(ReportStamp);
