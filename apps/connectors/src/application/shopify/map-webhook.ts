import { checkData, ContractViolation, findEvent } from '@instep/contracts';

import { parseExactly } from './exact-json.ts';
import { nodeOf } from './read.ts';
import type { ChannelReport, Origin } from './reports.ts';
import { shopifyTopics } from './topics.ts';
import { UnmappableBody } from './unmappable-body.ts';

/**
 * What a webhook says. Undefined when its topic says nothing to departments. Pure: the same bytes give the same report, for ever, so a
 * mended mapping can go over the raw log again. Throws UnmappableBody.
 */
export function mapWebhook(topic: string, body: string, origin: Origin): ChannelReport | undefined {
  const map = shopifyTopics.get(topic)?.report;
  if (!map) return undefined;
  const report = map(nodeOf(parseExactly(body), ''), origin);
  refuseOutOfBounds(report);
  return report;
}

/** Texts longer and numbers larger than any event may hold. */
function refuseOutOfBounds({ type, data }: ChannelReport): void {
  const definition = findEvent(type);
  if (!definition) throw new Error(`no contract names the event "${type}"`);
  try {
    checkData(definition, data);
  } catch (error) {
    if (!(error instanceof ContractViolation)) throw error;
    const [first] = error.paths;
    throw new UnmappableBody('shopify/out-of-bounds', first?.path ?? '', `of the report ${first?.message ?? 'breaks its contract'}`);
  }
}
