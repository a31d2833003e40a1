import type { EventLog } from '@instep/event-log';
import type { Ids, SettingsOf } from '@instep/service-host';
import { CLOCK, IDS, LOG, METRICS, Operation, Problem, RawBody, RawRoute, SETTINGS } from '@instep/service-host';
import type { Metrics } from '@instep/telemetry';
import { currentTraceparent } from '@instep/telemetry';
import { Controller, Headers, HttpCode, Inject, Param, Post } from '@nestjs/common';

import type { Connection, Connections } from '../../application/connections.ts';
import { rawRecord } from '../../application/shopify/raw-record.ts';
import { isAuthentic } from '../../application/shopify/signature.ts';
import { shopifyTopics } from '../../application/shopify/topics.ts';
import type { HeaderValues } from '../../application/shopify/webhook-headers.ts';
import { readHeaders } from '../../application/shopify/webhook-headers.ts';
import type { settings } from '../../config.ts';
import { webhookDeadlineMs, webhookLimitBytes, webhookPatienceMs } from '../../config.ts';
import { GroupCommit } from '../log/group-commit.ts';
import type { WebhookCounts } from './webhook-counts.ts';
import { webhookCounts } from './webhook-counts.ts';

const noBytes = Buffer.alloc(0);

/** Stands in for a connection that does not exist, so that its absence takes as long to find out as a wrong signature. */
const nobody: Pick<Connection, 'secrets'> = { secrets: ['nobody'] };

@Controller('webhooks/shopify')
export class ShopifyWebhooksController {
  readonly #connections: Connections;
  readonly #raw: GroupCommit;
  readonly #counts: WebhookCounts;
  readonly #ids: Ids;
  readonly #now: () => Date;

  constructor(
    @Inject(SETTINGS) { connections }: SettingsOf<typeof settings>,
    @Inject(LOG) log: EventLog,
    @Inject(METRICS) metrics: Metrics,
    @Inject(IDS) ids: Ids,
    @Inject(CLOCK) now: () => Date,
  ) {
    this.#connections = connections;
    this.#raw = new GroupCommit(log, 'raw.shopify', { deadlineMs: webhookDeadlineMs, patienceMs: webhookPatienceMs });
    this.#counts = webhookCounts(metrics);
    this.#ids = ids;
    this.#now = now;
  }

  /** Answers 200 once the log has the bytes; they are interpreted later. 401 for everything that is not surely from the shop. */
  @Post(':connection')
  @HttpCode(200)
  @RawRoute({ limitBytes: webhookLimitBytes })
  @Operation({
    summary: 'Takes a webhook of Shopify',
    description:
      'Signed by X-Shopify-Hmac-Sha256 over the raw bytes. 200 only after the event log has it; 503 with Retry-After when it cannot.',
  })
  async receive(@Param('connection') id: string, @Headers() given: HeaderValues, @RawBody() bytes: Buffer | undefined): Promise<void> {
    const body = bytes ?? noBytes;
    const headers = readHeaders(given);
    const connection = this.#authentic(id, body, headers.signature);
    const receivedAt = this.#now().toISOString();
    const record = rawRecord(
      { tenant: connection.tenant, connection: connection.id, headers, body },
      { eventId: this.#ids(), receivedAt, traceparent: currentTraceparent() },
    );
    await this.#raw.append(record).catch(refuseTooLarge);
    this.#counts.received(headers.topic, shopifyTopics.has(headers.topic));
  }

  #authentic(id: string, body: Buffer, signature: string | undefined): Connection {
    const connection = this.#connections.get(id);
    const authentic = isAuthentic(body, signature, (connection ?? nobody).secrets);
    if (connection && authentic) return connection;
    this.#counts.refused(connection ? (signature === undefined ? 'signature-missing' : 'signature-wrong') : 'unknown-connection');
    throw new Problem(401, 'webhook/not-authentic', 'The webhook is not from a shop that we know.');
  }
}

/** The log takes less than this route: trying again would not help. */
function refuseTooLarge(error: unknown): never {
  if ((error as { readonly code?: unknown } | null)?.code !== 'log/record-too-large') throw error;
  throw new Problem(413, 'webhook/too-large', 'The webhook is larger than the event log takes.');
}
