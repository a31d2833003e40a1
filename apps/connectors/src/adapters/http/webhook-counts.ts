import type { Metrics } from '@instep/telemetry';

export interface WebhookCounts {
  received(topic: string, known: boolean): void;
  refused(reason: 'unknown-connection' | 'signature-missing' | 'signature-wrong'): void;
}

/** Why a webhook was refused is told here and nowhere else: the sender learns only that it was. */
export function webhookCounts(metrics: Metrics): WebhookCounts {
  const received = metrics.counter('instep_webhooks_received_total', 'Webhooks that the log has, by topic; unknown ones together.', [
    'topic',
  ]);
  const refused = metrics.counter('instep_webhooks_refused_total', 'Webhooks that were not taken, by reason.', ['reason']);
  return {
    received: (topic, known) => {
      received({ topic: known ? topic : 'unknown' });
    },
    refused: (reason) => {
      refused({ reason });
    },
  };
}
