/** How webhooks are taken in, without the host around it. */
export type { Received } from './adapters/http/receive-webhook.ts';
export { receiveWebhook } from './adapters/http/receive-webhook.ts';
export { GroupCommit } from './adapters/log/group-commit.ts';
export type { Timing } from './adapters/log/timing.ts';
export { sampleConnections } from './application/connections.ts';
export { webhookPatience } from './webhook-patience.ts';
