import type { CloudEvent } from '@instep/contracts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * One line about an event, for people on call: what moved and how much, and nothing that names or reaches a person. Only fields that are
 * listed here are told; a field that a contract adds later is not.
 */
export function summaryOf({ type, data }: CloudEvent): string {
  const fields = fieldsOf(data);
  if (type.endsWith('.dead-letter')) return `${placeIn(fields)} parked: ${String(fields.code)}`;
  if (type.endsWith('.redriven')) return `${placeIn(fields)} applied after all`;
  const content = fieldsOf(fields.content);
  const parts = [
    text(fields.topic),
    text(fields.number),
    text(fields.kind),
    text(fields.tag),
    text(fields.item),
    at(fields.location),
    text(fields.quantity ?? fields.available),
    lines(fields.lines ?? content.lines),
    money(fields, content),
    fields.complete === true ? 'complete' : undefined,
    fields.complete === false ? 'not complete' : undefined,
    text(fields.period),
    list(fields.reasons),
    into(fields.into),
    positions(fields.positions),
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

function placeIn({ topic, partition, offset }: Fields): string {
  return `${String(topic)}/${String(partition)}/${String(offset)}`;
}

function money(fields: Fields, content: Fields): string | undefined {
  const amount = fields.amount ?? fields.money ?? shopAmount(fields.total) ?? shopAmount(content.total) ?? fields.total ?? fields.cost;
  if (typeof amount !== 'string') return undefined;
  const currency = fields.currency ?? fieldsOf(fields.currencies).shop;
  return typeof currency === 'string' ? `${amount} ${currency}` : amount;
}

function shopAmount(amounts: unknown): unknown {
  return fieldsOf(amounts).shop;
}

function lines(value: unknown): string | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.length === 1 ? '1 line' : `${String(value.length)} lines`;
}

function list(value: unknown): string | undefined {
  return Array.isArray(value) ? value.map((each) => String(fieldsOf(each).reason ?? each)).join(' ') : undefined;
}

function at(location: unknown): string | undefined {
  return typeof location === 'string' ? `at ${location}` : undefined;
}

function into(id: unknown): string | undefined {
  return typeof id === 'string' ? `into ${id}` : undefined;
}

function positions(value: unknown): string | undefined {
  return Array.isArray(value) ? `${String(value.length)} positions` : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}
