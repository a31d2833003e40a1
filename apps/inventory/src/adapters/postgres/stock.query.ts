import type { DataSource } from 'typeorm';

import type { StockLevelRow } from '../../application/stock-level.projection.ts';

export type StockRow = Omit<StockLevelRow, 'tenant'>;

interface StockSought {
  readonly tenant: string;
  readonly item?: string | undefined;
  readonly location?: string | undefined;
  /** Item and location of the last row seen. */
  readonly after: readonly string[];
  readonly limit: number;
}

/** Stock by item and location, in the order of these. */
export async function findStock(dataSource: DataSource, { tenant, item, location, after, limit }: StockSought): Promise<StockRow[]> {
  return await dataSource.query(
    `SELECT item, location, on_hand::text AS "onHand", reserved::text, available::text, value::text, currency
       FROM stock_level
      WHERE tenant = $1 AND ($2::text IS NULL OR item = $2) AND ($3::text IS NULL OR location = $3)
        AND ($4::text IS NULL OR (item, location) > ($4, $5))
      ORDER BY item, location
      LIMIT $6`,
    [tenant, item ?? null, location ?? null, after[0] ?? null, after[1] ?? null, limit],
  );
}
