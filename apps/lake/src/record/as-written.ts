import type { Envelope } from './envelope.ts';

/** A text that JSON writes as it is. */
const text = String.raw`"([^"\\\u0000-\u001f]*)"`;
const whole = String.raw`(0|[1-9]\d{0,8})`;

/** All before the data, letter for letter as `writeValue` spells it. */
const head = new RegExp(
  [
    `^{"specversion":"1\\.0","id":${text}(?:,"source":${text})?,"type":${text},"subject":${text},"time":${text}`,
    `,"datacontenttype":"application/json","dataschema":"\\3/${whole}","tenant":${text}(?:,"streamversion":${whole})?`,
    `,"recordedtime":${text},"correlationid":${text},"causationid":${text}(?:,"causeposition":${text})?(?:,"actor":${text})?`,
    `(?:,"traceparent":${text})?(?:,"tracestate":${text})?,"data":`,
  ].join(''),
);
/** Our writers add it behind the data, once they know it. */
const end = /,"causeend":(\d{1,9})}$/;
const longestEnd = ',"causeend":999999999}'.length;

type Optional = string | undefined;
type Head = [
  ...[before: string, id: string, source: Optional, type: string, subject: string, time: string, typeVersion: string, tenant: string],
  ...[streamversion: Optional, recordedtime: string, correlationid: string, causationid: string],
  ...[causeposition: Optional, actor: Optional, traceparent: Optional, tracestate: Optional],
];

/**
 * The envelope of a value that `writeValue` would give back from it, byte for byte. Undefined for every other value, be it an event or not.
 * A sixth of the work of reading the attributes as JSON and writing them again to compare. The caller makes sure that `data` is JSON.
 */
export function readAsWritten(value: string): Envelope | undefined {
  const found = head.exec(value);
  if (found === null || !value.endsWith('}')) return undefined;
  const [before, id, source, type, subject, time, typeVersion, tenant, streamversion, recordedtime, ...others] = found as unknown as Head;
  const [correlationid, causationid, causeposition, actor, traceparent, tracestate] = others;
  const [after, causeend] = (end.exec(value.slice(-longestEnd)) ?? ['}']) as [string, string?];
  if (causeend !== undefined && causeend !== String(Number(causeend))) return undefined;
  return {
    ...{ id, source, type, subject, time, tenant, recordedtime, correlationid, causationid, causeposition, actor, traceparent, tracestate },
    dataschema: `${type}/${typeVersion}`,
    typeVersion: Number(typeVersion),
    streamversion: streamversion === undefined ? undefined : Number(streamversion),
    causeend: causeend === undefined ? undefined : Number(causeend),
    data: value.slice(before.length, -after.length),
  };
}
