/** The attributes of an event that become columns, and its data as the text that lies in the log. */
export interface Envelope {
  readonly id: string;
  readonly type: string;
  readonly typeVersion: number;
  readonly dataschema: string;
  readonly time: string;
  readonly recordedtime: string;
  readonly tenant: string;
  readonly subject: string;
  readonly streamversion: number | undefined;
  readonly source: string | undefined;
  readonly actor: string | undefined;
  readonly correlationid: string;
  readonly causationid: string;
  readonly causeposition: string | undefined;
  readonly causeend: number | undefined;
  readonly traceparent: string | undefined;
  readonly tracestate: string | undefined;
  readonly data: string;
}

/** The value of a record as our writers spell it, from its envelope. Whoever keeps the envelope alone compares with this first. */
export function writeValue(envelope: Omit<Envelope, 'dataschema'>): string {
  const { id, source, type, typeVersion, subject, time, tenant, streamversion, recordedtime, correlationid, causationid } = envelope;
  const dataschema = `${type}/${typeVersion}`;
  const { causeposition, causeend, actor, traceparent, tracestate, data } = envelope;
  const head = JSON.stringify({
    ...{ specversion: '1.0', id, source, type, subject, time, datacontenttype: 'application/json', dataschema, tenant, streamversion },
    ...{ recordedtime, correlationid, causationid, causeposition, actor, traceparent, tracestate },
  });
  return `${head.slice(0, -1)}${DATA}${data}${causeend === undefined ? '' : `,"causeend":${causeend}`}}`;
}

type Attributes = Readonly<Record<string, unknown>>;

const DATA = ',"data":';
/** Our writers add it behind the data, once they know it. */
const END = /,"causeend":(\d{1,9})\}$/;

/**
 * An event apart from its data, which stays the text it is: parsing it would be most of the work, and nothing of it is needed.
 * Our writers put `data` last. The caller makes sure that `data` is JSON, and asks again with `carefully` when it is not: then the value
 * is parsed whole. Undefined when the value is no event.
 */
export function readEnvelope(value: string, carefully = false): Envelope | undefined {
  return (carefully ? undefined : headOf(value)) ?? whole(value);
}

function headOf(value: string): Envelope | undefined {
  const at = value.indexOf(DATA);
  if (at < 0 || !value.endsWith('}')) return undefined;
  try {
    // A `data` inside another attribute leaves an open brace here, and so an error.
    const head = JSON.parse(`${value.slice(0, at)}}`) as Attributes;
    const [end, causeend] = END.exec(value.slice(-24)) ?? [];
    const data = value.slice(at + DATA.length, end === undefined ? -1 : -end.length);
    return envelopeOf(causeend === undefined ? head : { ...head, causeend: Number(causeend) }, data);
  } catch {
    return undefined;
  }
}

function whole(value: string): Envelope | undefined {
  try {
    const { data, ...attributes } = JSON.parse(value) as Attributes;
    return data === undefined ? undefined : envelopeOf(attributes, JSON.stringify(data));
  } catch {
    return undefined;
  }
}

function envelopeOf(from: Attributes, data: string): Envelope | undefined {
  const { id, type, dataschema, time, recordedtime, tenant, subject, correlationid, causationid } = from;
  if (!isText(id) || !isText(type) || !isText(dataschema) || !isText(time) || !isText(recordedtime)) return undefined;
  if (!isText(tenant) || !isText(subject) || !isText(correlationid) || !isText(causationid)) return undefined;
  const typeVersion = Number(dataschema.slice(type.length + 1));
  if (!dataschema.startsWith(`${type}/`) || !Number.isSafeInteger(typeVersion)) return undefined;
  return {
    ...{ id, type, dataschema, typeVersion, time, recordedtime, tenant, subject, correlationid, causationid, data },
    streamversion: wholeOr(from['streamversion']),
    source: textOr(from['source']),
    actor: textOr(from['actor']),
    causeposition: textOr(from['causeposition']),
    causeend: wholeOr(from['causeend']),
    traceparent: textOr(from['traceparent']),
    tracestate: textOr(from['tracestate']),
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function textOr(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** As the column holds it. */
function wholeOr(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? value : undefined;
}
