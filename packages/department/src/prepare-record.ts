import { ContractViolation, decodeEvent, type CloudEvent } from '@instep/contracts';
import type { LogRecord } from '@instep/event-log';
import { childTraceparent } from '@instep/telemetry';

import type { DepartmentIndex } from './department-index.ts';
import { incoming } from './stamp-event.ts';
import type { Cause } from './stamp-event.ts';
import type { Prepared, RecordItem } from './work-items.ts';

/** Passes over what nobody subscribed to without parsing it; otherwise decodes, checks and upcasts. Never throws. */
export function prepareRecord(index: DepartmentIndex, item: RecordItem): Prepared {
  item.prepared ??= prepare(index, item);
  return item.prepared;
}

/** The event of a record, decoded, checked and upcast; undefined, and not parsed, when nobody subscribed to it. Throws what decoding throws. */
export function subscribedEvent(index: DepartmentIndex, { type, value }: LogRecord): CloudEvent | undefined {
  if (type !== undefined && !index.subscribed.has(type)) return undefined;
  const event = decodeEvent(value);
  return index.subscribed.has(event.type) ? event : undefined;
}

function prepare(index: DepartmentIndex, { record }: RecordItem): Prepared {
  try {
    const event = subscribedEvent(index, record);
    if (!event) return { kind: 'skip' };
    const cause: Cause = {
      tenant: event.tenant,
      correlationId: event.correlationid,
      causationId: event.id,
      causePosition: `${record.topic}/${String(record.partition)}/${String(record.offset)}`,
      actor: `system/${index.definition.service}`,
      // What this department records is a child of its own work on the event, so that one trace shows the way through all of them.
      traceparent: event.traceparent && childTraceparent(event.traceparent, `${index.definition.service}/${event.id}`),
      tracestate: event.tracestate,
      time: event.time,
    };
    return { kind: 'event', event: incoming(event), cause, traceparent: event.traceparent, commands: undefined };
  } catch (error) {
    if (error instanceof ContractViolation) return { kind: 'unfit', code: error.code, reason: error.message };
    return { kind: 'unfit', code: 'defect', reason: describeDefect(error) };
  }
}

/**
 * Why a record cannot be applied, by what a reaction threw: its own verdict on the record (an edge cannot map it), or a defect of ours. An
 * event of our own that breaks its contract is a defect.
 */
export function unfitness(error: unknown): { readonly code: string; readonly reason: string } {
  const { code, transient } = (error ?? {}) as { readonly code?: unknown; readonly transient?: unknown };
  if (error instanceof Error && typeof code === 'string' && transient === false && !code.startsWith('contract/'))
    return { code, reason: error.message };
  return { code: 'defect', reason: describeDefect(error) };
}

/** Stack of a defect, short enough to be kept beside the record. */
function describeDefect(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return text.slice(0, 4_000);
}
