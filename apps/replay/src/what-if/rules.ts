import { findEvent, topics as contractTopics, type CloudEvent, type EventData } from '@instep/contracts';
import { add, decimal, divide, isNegative, multiply, round, subtract, type Decimal } from '@instep/values';

import { ReplayFault } from '../fault.ts';
import type { Changes, TopicFacts } from './changes.ts';

/** A figure of the business that can be set otherwise. */
export interface Rule {
  readonly name: string;
  /** What it changes, for people. */
  readonly meaning: string;
  change(by: Decimal): Partial<Pick<Changes, 'asked' | 'decided'>>;
}

const one = decimal('1');
const hundred = decimal('100');

const rules: readonly Rule[] = [
  {
    name: 'inventory.safetyStock',
    meaning: 'so much more of each item is bought: every receipt is larger by that part, rounded up to whole pieces',
    change: (by) => ({
      asked: onType('stock.received', (data) => {
        const quantity = wholeAbove(multiply(decimal(data.quantity), by));
        const cost = divide(multiply(decimal(data.cost), quantity), decimal(data.quantity), 2);
        return { ...data, quantity, cost };
      }),
    }),
  },
  {
    name: 'inventory.unitCost',
    meaning: 'what is bought costs so much more or less',
    change: (by) => ({ asked: onType('stock.received', (data) => ({ ...data, cost: round(multiply(decimal(data.cost), by), 2) })) }),
  },
  {
    name: 'sales.price',
    meaning: 'every amount that channels tell, payments and refunds too, is so much higher or lower; not rounded to cents',
    change: (by) => ({
      decided: (event) =>
        event.type.startsWith('channel-order.') || event.type.startsWith('channel-refund.')
          ? { ...event, value: scaledAmounts(event.value, by) }
          : event,
    }),
  },
  {
    name: 'hr.commissionRate',
    meaning: 'everybody is promised so much more or less commission',
    change: (by) => {
      const scaled = <Data extends { readonly commissionRate: string }>(data: Data): Data => ({
        ...data,
        commissionRate: multiply(decimal(data.commissionRate), by),
      });
      const [hired, changed] = [onType('employee.hired', scaled), onType('employee.changed', scaled)];
      return { asked: (event) => changed(hired(event)) };
    },
  },
];

export interface Setting {
  readonly rule: Rule;
  /** What figures are multiplied by. */
  readonly by: Decimal;
  readonly text: string;
}

/** `inventory.safetyStock=+5%`. Throws `ReplayFault` with the rules that there are. */
export function readSetting(text: string): Setting {
  const [, name, sign, figure] = /^([\w.]+)=([+-])(\d+(?:\.\d+)?)\s*%$/.exec(text.trim()) ?? [];
  const rule = rules.find((each) => each.name === name);
  if (rule === undefined || figure === undefined)
    throw new ReplayFault(
      'replay/bad-option',
      `"${text}" is no rule to set: write <rule>=+5% or <rule>=-5%, with one of ${rules.map((each) => each.name).join(', ')}.`,
    );
  const part = divide(decimal(figure), hundred, 6);
  const by = sign === '+' ? add(one, part) : subtract(one, part);
  if (isNegative(by)) throw new ReplayFault('replay/bad-option', `"${text}" takes away more than there is.`);
  return { rule, by, text: text.trim() };
}

export interface Wanted {
  readonly settings: readonly Setting[];
  readonly removed: ReadonlySet<string>;
  readonly added: readonly CloudEvent[];
}

export const unchanged: Changes = {
  removes: () => false,
  added: [],
  topicOf,
  asked: (event) => event,
  decided: (event) => event,
};

/** All that is wanted, one after the other. `removed` holds ids and keys. */
export function changesOf({ settings, removed, added }: Wanted): Changes {
  const changed = settings.map(({ rule, by }) => rule.change(by));
  return {
    ...unchanged,
    removes: (event) => removed.has(event.id) || removed.has(`${event.tenant}/${event.subject}`) || removed.has(event.subject),
    added,
    asked: (event) => changed.reduce((now, { asked }) => asked?.(now) ?? now, event),
    decided: (event) => changed.reduce((now, { decided }) => decided?.(now) ?? now, event),
  };
}

function topicOf({ type }: CloudEvent): TopicFacts {
  const name = findEvent(type)?.topic;
  if (name === undefined) throw new Error(`no contract names the event ${type}`);
  return contractTopics[name];
}

function onType<Type extends 'stock.received' | 'employee.hired' | 'employee.changed'>(
  type: Type,
  change: (data: EventData<Type>) => EventData<Type>,
): (event: CloudEvent) => CloudEvent {
  return (event) => (event.type === type ? { ...event, data: change(event.data as EventData<Type>) } : event);
}

function wholeAbove(quantity: Decimal): Decimal {
  const whole = round(quantity, 0);
  return isNegative(subtract(whole, quantity)) ? add(whole, one) : whole;
}

/** Amounts are `{"shop":"12.34"}`, and `presentment` beside it where the buyer saw another currency. */
function scaledAmounts(value: string, by: Decimal): string {
  return value.replaceAll(/"(shop|presentment)":"(-?\d+(?:\.\d+)?)"/g, (_, role: string, amount: string) => {
    return `"${role}":"${multiply(decimal(amount), by)}"`;
  });
}
