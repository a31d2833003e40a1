import { measureFigures, type Figures } from '@instep/lake/figures';

/** One figure of the business, as it was and as it would have been. */
export interface Effect {
  readonly figure: string;
  readonly unit: string;
  readonly was: number;
  readonly is: number;
}

const questions = {
  stockOuts: 'SELECT coalesce(sum(lines), 0) AS lines, coalesce(sum(pieces_missing), 0) AS pieces FROM {{stock-outs}}',
  margin:
    'SELECT currency, sum(pieces) AS pieces, sum(sales) AS sales, sum(cost) AS cost, sum(margin) AS margin FROM {{gross-margin}} GROUP BY currency',
  received: "SELECT currency, sum(amount) AS money FROM journal_lines WHERE account = '1000' GROUP BY currency",
  bought: 'SELECT currency, sum(cost) AS money FROM stock_received GROUP BY currency',
  wages: 'SELECT currency, sum(total) AS money FROM payroll_approved GROUP BY currency',
} as const;

/** Asks both lakes the same, and puts the answers side by side: stock-outs, margin, cash. By currency where money is meant. */
export async function effectsOf(wasLake: string, isLake: string): Promise<readonly Effect[]> {
  const was = await measureFigures(wasLake, questions);
  const is = await measureFigures(isLake, questions);
  const pair = (figure: string, unit: string, of: (answers: typeof was) => number): Effect => ({ figure, unit, was: of(was), is: of(is) });
  const currencies = new Set([was, is].flatMap((answers) => Object.values(answers).flatMap(currenciesOf)));
  return [
    pair('order lines that found too little stock', 'lines', ({ stockOuts }) => numberOf(stockOuts[0], 'lines')),
    pair('pieces that were missing', 'pieces', ({ stockOuts }) => numberOf(stockOuts[0], 'pieces')),
    ...[...currencies].sort().flatMap((currency) => {
      const money = (figures: Figures, column = 'money'): number =>
        numberOf(
          figures.find((row) => row['currency'] === currency),
          column,
        );
      return [
        pair('pieces shipped, less what came back', 'pieces', ({ margin }) => money(margin, 'pieces')),
        pair('sales of what was shipped', currency, ({ margin }) => money(margin, 'sales')),
        pair('gross margin', currency, ({ margin }) => money(margin, 'margin')),
        pair('money from customers, less refunds', currency, ({ received }) => money(received)),
        pair('goods bought', currency, ({ bought }) => money(bought)),
        pair(
          'cash: from customers, less goods and wages',
          currency,
          ({ received, bought, wages }) => money(received) - money(bought) - money(wages),
        ),
      ];
    }),
  ];
}

function currenciesOf(figures: Figures): readonly string[] {
  return figures.flatMap(({ currency }) => (typeof currency === 'string' && currency !== '' ? [currency] : []));
}

function numberOf(row: Figures[number] | undefined, column: string): number {
  return Number(row?.[column] ?? 0);
}
