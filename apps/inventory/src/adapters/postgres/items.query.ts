import type { DataSource } from 'typeorm';

export interface CatalogItem {
  readonly item: string;
  readonly title: string;
  readonly unit: string;
  readonly sku: string | null;
  readonly channelItems: readonly string[];
}

interface ItemsSought {
  readonly tenant: string;
  readonly sku: string | undefined;
  readonly after: string | undefined;
  readonly limit: number;
}

export async function findItems(dataSource: DataSource, { tenant, sku, after, limit }: ItemsSought): Promise<CatalogItem[]> {
  return await dataSource.query(
    `SELECT item, title, unit, sku, channel_items::json AS "channelItems"
       FROM item_catalog
      WHERE tenant = $1 AND ($2::text IS NULL OR sku = $2) AND ($3::text IS NULL OR item > $3)
      ORDER BY item
      LIMIT $4`,
    [tenant, sku ?? null, after ?? null, limit],
  );
}
