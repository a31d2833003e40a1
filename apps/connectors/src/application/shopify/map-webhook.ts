import { parseExactly } from './exact-json.ts';
import { nodeOf } from './read.ts';
import type { ChannelReport, Origin } from './reports.ts';
import { shopifyTopics } from './topics.ts';

/**
 * What a webhook says. Undefined when its topic says nothing to departments. Pure: the same bytes give the same report, for ever, so a
 * mended mapping can go over the raw log again. Throws UnmappableBody.
 */
export function mapWebhook(topic: string, body: string, origin: Origin): ChannelReport | undefined {
  const report = shopifyTopics.get(topic)?.report;
  return report?.(nodeOf(parseExactly(body), ''), origin);
}
