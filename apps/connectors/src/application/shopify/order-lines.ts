import type { ChannelLine, ChannelTax, Currencies } from '@instep/contracts';
import type { Decimal } from '@instep/values';
import { add, compare, isNegative, isZero, maximum, minimum, multiply, subtract, zero } from '@instep/values';

import type { Money } from './amounts.ts';
import { amounts, isNothing, minus, moneyOr, nothingIn, optionalMoney, part, plus, split, times, total } from './amounts.ts';
import type { Node } from './read.ts';
import { child, children, decimal, flag, has, id, optionalDecimal, optionalId, ownId, text } from './read.ts';

/** A line with the sums that the order needs. */
export interface MappedLine {
  readonly line: ChannelLine;
  /** What the buyer pays for it, with tax. */
  readonly gross: Money;
  readonly duties: Money;
  readonly dutiesTax: Money;
  readonly staff: readonly StaffShare[];
  /** Units that an edit took away without a refund that says so. */
  readonly removed: boolean;
}

interface StaffShare {
  readonly staffId: string;
  readonly quantity: Decimal;
}

interface OrderTerms {
  readonly currencies: Currencies;
  readonly taxesIncluded: boolean;
}

/** Tips that were tendered as a line are money, not goods. */
export function isTip(line: Node): boolean {
  return has(line, 'tip_payment_gateway') || has(line, 'tip_payment_method') || has(line, 'tip');
}

/** Price of a tip line, for all its units. */
export function tipOf(line: Node, currencies: Currencies): Money {
  return times(moneyOr(line, 'price', currencies, nothingIn(currencies)), decimal(line, 'quantity'));
}

/** The stock item that a line or variant names: its SKU, else the variant. */
function itemOf(sku: string | null, variantId: string | null): string | null {
  return sku ?? (variantId === null ? null : `variant:${variantId}`);
}

/**
 * The lines of an order. Prices, discounts and taxes of a line are for all units ever ordered, those refunded and those removed included;
 * what is mapped is for the ordered units less those that an edit removed, before refunds.
 */
export function mapLines(
  order: Node,
  lines: readonly Node[],
  refundedUnits: ReadonlyMap<string, Decimal>,
  terms: OrderTerms,
): MappedLine[] {
  const legacy = legacyShares(order, lines, terms);
  return lines.map((line, index) => mapLine(line, refundedUnits, terms, legacy[index]));
}

function mapLine(line: Node, refundedUnits: ReadonlyMap<string, Decimal>, terms: OrderTerms, legacy: LegacyShare | undefined): MappedLine {
  const { currencies } = terms;
  const none = nothingIn(currencies);
  const lineId = ownId(line);
  const { quantity, ordered, removed } = unitsOf(line, refundedUnits.get(lineId) ?? zero);
  const share = (whole: Money): Money => (removed ? part(whole, quantity, ordered, currencies) : whole);
  const unitPrice = moneyOr(line, 'price', currencies, none);
  const discount = share(legacy?.discount ?? allocated(line, currencies) ?? moneyOr(line, 'total_discount', currencies, none));
  const taxes = (legacy?.taxes ?? mapTaxes(line, currencies)).map((tax) => ({ ...tax, money: share(tax.money) }));
  const price = minus(times(unitPrice, quantity), discount);
  const tax = total(
    taxes.map(({ money }) => money),
    currencies,
  );
  const duties = dutiesOf(line, currencies);
  const staff = staffOf(line);
  return {
    line: {
      lineId,
      ...namesOf(line),
      quantity,
      unitPrice: amounts(unitPrice),
      discount: amounts(discount),
      taxes: taxes.map(asTax),
      shippable: flag(line, 'requires_shipping') ?? true,
      giftCard: flag(line, 'gift_card') ?? false,
      ...(staff.length === 0 ? {} : { staff: [...staff] }),
    },
    gross: terms.taxesIncluded ? price : plus(price, tax),
    duties: share(duties.price),
    dutiesTax: share(duties.tax),
    staff,
    removed,
  };
}

interface Units {
  /** Before refunds, after edits. */
  readonly quantity: Decimal;
  /** Before refunds and edits. */
  readonly ordered: Decimal;
  readonly removed: boolean;
}

function unitsOf(line: Node, refunded: Decimal): Units {
  const ordered = decimal(line, 'quantity');
  const current = optionalDecimal(line, 'current_quantity');
  if (current === undefined) return { quantity: ordered, ordered, removed: false };
  const kept = minimum(ordered, add(current, refunded));
  const removed = !isNegative(kept) && compare(kept, ordered) < 0;
  return { quantity: removed ? kept : ordered, ordered, removed };
}

function namesOf(line: Node): Pick<ChannelLine, 'item' | 'sku' | 'productId' | 'variantId' | 'title'> {
  const sku = text(line, 'sku');
  const variantId = optionalId(line, 'variant_id');
  return {
    item: itemOf(sku, variantId),
    sku,
    productId: optionalId(line, 'product_id'),
    variantId,
    title: text(line, 'name') ?? text(line, 'title') ?? '',
  };
}

function dutiesOf(line: Node, currencies: Currencies): { readonly price: Money; readonly tax: Money } {
  const duties = children(line, 'duties');
  return {
    price: total(
      duties.map((duty) => dutyPrice(duty, currencies)),
      currencies,
    ),
    tax: total(
      duties.map((duty) => taxTotal(duty, currencies)),
      currencies,
    ),
  };
}

interface Tax {
  readonly title: string;
  readonly rate: Decimal | null;
  readonly money: Money;
  readonly channelLiable: boolean;
}

export function mapTaxes(owner: Node, currencies: Currencies): Tax[] {
  return children(owner, 'tax_lines').map((tax) => ({
    title: text(tax, 'title') ?? '',
    rate: optionalDecimal(tax, 'rate') ?? null,
    money: moneyOr(tax, 'price', currencies, nothingIn(currencies)),
    channelLiable: flag(tax, 'channel_liable') ?? false,
  }));
}

function taxTotal(owner: Node, currencies: Currencies): Money {
  return total(
    mapTaxes(owner, currencies).map(({ money }) => money),
    currencies,
  );
}

export function asTax({ title, rate, money, channelLiable }: Tax): ChannelTax {
  return { title, rate, amount: amounts(money), channelLiable };
}

/** The sum of discounts spread to this line or shipping line. Undefined when the body is from before they were spread. */
export function allocated(owner: Node, currencies: Currencies): Money | undefined {
  if (!has(owner, 'discount_allocations')) return undefined;
  return total(
    children(owner, 'discount_allocations').map((share) => moneyOr(share, 'amount', currencies, nothingIn(currencies))),
    currencies,
  );
}

function dutyPrice(duty: Node, currencies: Currencies): Money {
  const set = { shop_money: duty.fields['shop_money'], presentment_money: duty.fields['presentment_money'] };
  const nested = child(duty, 'shop_money') ? { fields: { price_set: set }, at: duty.at } : duty;
  return moneyOr(nested, 'price', currencies, nothingIn(currencies));
}

function staffOf(line: Node): StaffShare[] {
  return children(line, 'attributed_staffs').map((staff) => ({
    staffId: id(staff, 'id'),
    quantity: optionalDecimal(staff, 'quantity') ?? zero,
  }));
}

interface LegacyShare {
  readonly discount: Money | undefined;
  readonly taxes: readonly Tax[] | undefined;
}

/** Bodies of old API versions name discounts and taxes for the order only: they are spread over the lines by price. */
function legacyShares(order: Node, lines: readonly Node[], { currencies }: OrderTerms): (LegacyShare | undefined)[] {
  const withoutDiscounts = lines.every((line) => !has(line, 'discount_allocations'));
  const withoutTaxes = lines.every((line) => !has(line, 'tax_lines'));
  if (lines.length === 0 || (!withoutDiscounts && !withoutTaxes)) return [];
  const prices = lines.map((line) => maximum(zero, multiply(optionalDecimal(line, 'price') ?? zero, decimal(line, 'quantity'))));
  const discount = optionalMoney(order, 'total_discounts', currencies);
  const discounts = withoutDiscounts && discount && !isNothing(discount) ? split(discount, prices, currencies) : undefined;
  const weights = discounts ? prices.map((price, index) => subtract(price, discounts[index]?.shop ?? zero)) : prices;
  const taxes = withoutTaxes
    ? mapTaxes(order, currencies).map((tax) => ({ tax, parts: split(tax.money, weights, currencies) }))
    : undefined;
  return lines.map((_, index) => ({
    discount: discounts?.[index],
    taxes: taxes?.flatMap(({ tax, parts }) => {
      const money = parts[index];
      return money && !isZero(money.shop) ? [{ ...tax, money }] : [];
    }),
  }));
}

/** Units, discount and taxes of a nested line, for old refunds that name no sums of their own. */
export function priceOfUnits(line: Node, quantity: Decimal, currencies: Currencies): { readonly subtotal: Money; readonly tax: Money } {
  const ordered = optionalDecimal(line, 'quantity') ?? quantity;
  const unitPrice = moneyOr(line, 'price', currencies, nothingIn(currencies));
  const discount = part(allocated(line, currencies) ?? nothingIn(currencies), quantity, ordered, currencies);
  return { subtotal: minus(times(unitPrice, quantity), discount), tax: part(taxTotal(line, currencies), quantity, ordered, currencies) };
}
