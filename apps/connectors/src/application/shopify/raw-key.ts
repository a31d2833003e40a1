import { hash } from 'node:crypto';

import { findValues } from './find-values.ts';
import { idOfText } from './read.ts';
import { shopifyTopics } from './topics.ts';

/**
 * The vendor object that a webhook is about, as id of its raw stream: `<connection>:<kind>:<id>`. Refunds and shipments are about their
 * order. A body without the id has a key of its own, so that parking it stops nothing else.
 */
export function vendorObjectId(connection: string, topic: string, body: Buffer, webhookId: string | null): string {
  const known = shopifyTopics.get(topic);
  const fields = known?.idFields ?? ['id'];
  const values = findValues(body, fields);
  const ids = fields.map((field) => idOfText(values.get(field) ?? ''));
  if (ids.every((id) => id !== undefined)) return `${connection}:${known?.kind ?? otherKind(topic)}:${ids.join('@')}`;
  return `${connection}:unkeyed:${webhookId ?? hash('sha256', body)}`;
}

/** The noun of an unknown topic, if it looks like one: `carts/create` is about `carts`. */
function otherKind(topic: string): string {
  return /^([a-z_]{1,60})\/[a-z_]{1,60}$/.exec(topic)?.[1] ?? 'other';
}
