import { randomUUID } from 'node:crypto';

import type { CloudEvent } from '@instep/contracts';
import type { IncomingEvent } from '@instep/department';

/** An event of another owner as its service wrote it. */
export function onTheWire({
  type,
  data,
  tenant,
  subject,
  time,
  recordedTime,
  streamVersion,
  correlationId,
  causationId,
  actor,
}: IncomingEvent): CloudEvent {
  return {
    specversion: '1.0',
    id: randomUUID(),
    source: 'instep/test',
    type,
    subject,
    time,
    datacontenttype: 'application/json',
    dataschema: `${type}/1`,
    tenant,
    streamversion: streamVersion,
    recordedtime: recordedTime,
    correlationid: correlationId,
    causationid: causationId,
    actor,
    data,
  };
}
