import type { EventLog } from '@instep/event-log';
import type { Ids, SettingsOf } from '@instep/service-host';
import { CLOCK, IDS, LOG, METRICS, Operation, Problem, RawBody, RawRoute, SETTINGS } from '@instep/service-host';
import type { Metrics } from '@instep/telemetry';
import { currentTraceparent } from '@instep/telemetry';
import { Controller, Headers, HttpCode, Inject, Param, Post } from '@nestjs/common';

import { shopifyTopics } from '../../application/shopify/topics.ts';
import type { HeaderValues } from '../../application/shopify/webhook-headers.ts';
import type { settings } from '../../config.ts';
import { webhookLimitBytes } from '../../config.ts';
import { webhookPatience } from '../../webhook-patience.ts';
import { GroupCommit } from '../log/group-commit.ts';
import type { ReceiverParts } from './receive-webhook.ts';
import { receiveWebhook } from './receive-webhook.ts';
import type { WebhookCounts } from './webhook-counts.ts';
import { webhookCounts } from './webhook-counts.ts';

const noBytes = Buffer.alloc(0);

@Controller('webhooks/shopify')
export class ShopifyWebhooksController {
  readonly #receiver: ReceiverParts;
  readonly #counts: WebhookCounts;

  constructor(
    @Inject(SETTINGS) { connections }: SettingsOf<typeof settings>,
    @Inject(LOG) log: EventLog,
    @Inject(METRICS) metrics: Metrics,
    @Inject(IDS) ids: Ids,
    @Inject(CLOCK) now: () => Date,
  ) {
    this.#receiver = { connections, raw: new GroupCommit(log, 'raw.shopify', webhookPatience), ids, now };
    this.#counts = webhookCounts(metrics);
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
  async receive(
    @Param('connection') connection: string,
    @Headers() headers: HeaderValues,
    @RawBody() bytes: Buffer | undefined,
  ): Promise<void> {
    const received = await receiveWebhook(this.#receiver, {
      connection,
      headers,
      body: bytes ?? noBytes,
      traceparent: currentTraceparent(),
    });
    switch (received.kind) {
      case 'taken':
        this.#counts.received(received.topic, shopifyTopics.has(received.topic));
        return;
      case 'refused':
        this.#counts.refused(received.reason);
        throw new Problem(401, 'webhook/not-authentic', 'The webhook is not from a shop that we know.');
      case 'too-large':
        throw new Problem(413, 'webhook/too-large', 'The webhook is larger than the event log takes.');
    }
  }
}
