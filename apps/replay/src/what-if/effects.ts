import { measureFigures, type Figures } from '@instep/lake/figures';
import { decimal, subtract, zero, type Decimal } from '@instep/values';

/** One figure of the business, as it was and as it would have been. Exact: most of it is money. */
export interface Effect {
  readonly figure: string;
  readonly unit: string;
  readonly was: Decimal;
  readonly is: Decimal;
  /** `is` less `was`. */
  readonly difference: Decimal;
}

/** Sums are asked for as text: as numbers they would be doubles. */
const questions = {
  stockOuts: 'SELECT sum(lines)::VARCHAR AS lines, sum(pieces_missing)::VARCHAR AS pieces FROM {{stock-outs}}',
  margin:
    'SELECT currency, sum(pieces)::VARCHAR AS pieces, sum(sales)::VARCHAR AS sales, sum(margin)::VARCHAR AS margin FROM {{gross-margin}} GROUP BY currency',
  received: "SELECT currency, sum(amount)::VARCHAR AS money FROM journal_lines WHERE account = '1000' GROUP BY currency",
  bought: 'SELECT currency, sum(cost)::VARCHAR AS money FROM stock_received GROUP BY currency',
  wages: 'SELECT currency, sum(total)::VARCHAR AS money FROM payroll_approved GROUP BY currency',
} as const;

type Answers = Readonly<Record<keyof typeof questions, Figures>>;

/** Asks both lakes the same, and puts the answers side by side: stock-outs, margin, cash. By currency where money is meant. */
export async function effectsOf(wasLake: string, isLake: string): Promise<readonly Effect[]> {
  const was = await measureFigures(wasLake, questions);
  const is = await measureFigures(isLake, questions);
  const pair = (figure: string, unit: string, of: (answers: Answers) => Decimal): Effect => {
    const [before, after] = [of(was), of(is)];
    return { figure, unit, was: before, is: after, difference: subtract(after, before) };
  };
  const currencies = new Set([was, is].flatMap((answers) => Object.values(answers).flatMap(currenciesOf)));
  return [
    pair('order lines that found too little stock', 'lines', ({ stockOuts }) => exact(stockOuts[0], 'lines')),
    pair('pieces that were missing', 'pieces', ({ stockOuts }) => exact(stockOuts[0], 'pieces')),
    ...[...currencies].sort().flatMap((currency) => {
      const money = (figures: Figures, column = 'money'): Decimal =>
        exact(
          figures.find((row) => row['currency'] === currency),
          column,
        );
      return [
        pair('pieces shipped, less what came back', 'pieces', ({ margin }) => money(margin, 'pieces')),
        pair('sales of what was shipped', currency, ({ margin }) => money(margin, 'sales')),
        pair('gross margin', currency, ({ margin }) => money(margin, 'margin')),
        pair('money from customers, less refunds', currency, ({ received }) => money(received)),
        pair('goods bought', currency, ({ bought }) => money(bought)),
        pair('cash: from customers, less goods and wages', currency, ({ received, bought, wages }) =>
          subtract(subtract(money(received), money(bought)), money(wages)),
        ),
      ];
    }),
  ];
}

function currenciesOf(figures: Figures): readonly string[] {
  return figures.flatMap(({ currency }) => (typeof currency === 'string' && currency !== '' ? [currency] : []));
}

/** Of nothing, a sum is none: 0. Throws a RangeError when a query gives what is not exact. */
function exact(row: Figures[number] | undefined, column: string): Decimal {
  const cell = row?.[column] ?? null;
  return cell === null ? zero : decimal(String(cell));
}
