import type { DataSource } from 'typeorm';

export interface Drift {
  readonly channel: string;
  readonly channelItem: string;
  /** Null when no product report said which item it is. */
  readonly item: string | null;
  readonly location: string;
  readonly channelAvailable: string;
  readonly available: string;
  /** What the channel has too much. */
  readonly difference: string;
  readonly reportedAt: string;
}

interface DriftSought {
  readonly tenant: string;
  /** Channel, channel item and location of the last row seen. */
  readonly after: readonly string[];
  readonly limit: number;
}

/** Where a channel's last word on our stock is not what our books say now. What the channel does not count is left out. */
export async function findDrift(dataSource: DataSource, { tenant, after, limit }: DriftSought): Promise<Drift[]> {
  return await dataSource.query(
    `SELECT told.channel, told.channel_item AS "channelItem", known.item, told.location,
            told.available::text AS "channelAvailable",
            coalesce(ours.available, 0)::text AS available,
            trim_scale(told.available - coalesce(ours.available, 0))::text AS difference,
            told.reported_at AS "reportedAt"
       FROM channel_stock told
       LEFT JOIN channel_item known USING (tenant, channel, channel_item)
       LEFT JOIN stock_level ours ON ours.tenant = told.tenant AND ours.item = known.item AND ours.location = told.location
      WHERE told.tenant = $1 AND told.available <> coalesce(ours.available, 0)
        AND ($2::text IS NULL OR (told.channel, told.channel_item, told.location) > ($2, $3, $4))
      ORDER BY told.channel, told.channel_item, told.location
      LIMIT $5`,
    [tenant, after[0] ?? null, after[1] ?? null, after[2] ?? null, limit],
  );
}
