-- Refunds as the channel told them last, one row each; `goods` is net of tax.
SELECT tenant, order_id, refund_id, data_at AS refunded_at, recorded_at, currency, money,
  coalesce(list_sum(list_transform(lines, lambda x: x.net)), 0) AS goods, lines
FROM order_refunded
QUALIFY row_number() OVER (PARTITION BY tenant, order_id, refund_id ORDER BY stream_version DESC) = 1
