-- Items that can be stocked, as described last.
SELECT tenant, item, title, unit, sku, channel_items, occurred_at AS described_at FROM item_registered
QUALIFY row_number() OVER (PARTITION BY tenant, item ORDER BY stream_version DESC) = 1
