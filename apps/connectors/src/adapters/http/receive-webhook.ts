import type { Connection, Connections } from '../../application/connections.ts';
import { rawRecord } from '../../application/shopify/raw-record.ts';
import { isAuthentic } from '../../application/shopify/signature.ts';
import type { HeaderValues } from '../../application/shopify/webhook-headers.ts';
import { readHeaders } from '../../application/shopify/webhook-headers.ts';
import type { GroupCommit } from '../log/group-commit.ts';

export interface WebhookRequest {
  /** Last part of the address. */
  readonly connection: string;
  readonly headers: HeaderValues;
  readonly body: Buffer;
  readonly traceparent?: string | undefined;
}

export type Received =
  /** The log has the bytes. */
  | { readonly kind: 'taken'; readonly topic: string }
  /** Not surely from the shop. Why is for us to know, not for the sender. */
  | { readonly kind: 'refused'; readonly reason: 'unknown-connection' | 'signature-missing' | 'signature-wrong' }
  /** Larger than the log takes: trying again would not help. */
  | { readonly kind: 'too-large' };

export interface ReceiverParts {
  readonly connections: Connections;
  readonly raw: GroupCommit;
  /** A new id for each record. */
  ids(): string;
  now(): Date;
}

/** Stands in for a connection that does not exist, so that its absence takes as long to find out as a wrong signature. */
const nobody: Pick<Connection, 'secrets'> = { secrets: ['nobody'] };

/**
 * Verifies a webhook, keeps its bytes and then says so. Resolves only once the log has it; rejects as `EventLog.append` does when it is not
 * known whether the log has it.
 */
export async function receiveWebhook(
  parts: ReceiverParts,
  { connection: id, headers: given, body, traceparent }: WebhookRequest,
): Promise<Received> {
  const headers = readHeaders(given);
  const connection = parts.connections.get(id);
  const authentic = isAuthentic(body, headers.signature, (connection ?? nobody).secrets);
  if (!connection) return { kind: 'refused', reason: 'unknown-connection' };
  if (!authentic) return { kind: 'refused', reason: headers.signature === undefined ? 'signature-missing' : 'signature-wrong' };
  const record = rawRecord(
    { tenant: connection.tenant, connection: connection.id, headers, body },
    { eventId: parts.ids(), receivedAt: parts.now().toISOString(), traceparent },
  );
  try {
    await parts.raw.append(record);
  } catch (error) {
    if ((error as { readonly code?: unknown } | null)?.code !== 'log/record-too-large') throw error;
    return { kind: 'too-large' };
  }
  return { kind: 'taken', topic: headers.topic };
}
