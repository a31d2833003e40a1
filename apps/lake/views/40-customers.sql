-- Customers as we know them now. Merged ones name who they go on as.
WITH told AS (
  SELECT tenant, customer_id, stream_version, occurred_at, identities, channel_customers, NULL AS into_customer FROM customer_registered
  UNION ALL SELECT tenant, customer_id, stream_version, occurred_at, identities, channel_customers, NULL FROM customer_changed
  UNION ALL SELECT tenant, customer_id, stream_version, occurred_at, identities, channel_customers, data_into FROM customer_merged
), latest AS (
  SELECT tenant, customer_id, min(occurred_at) AS registered_at, max(occurred_at) AS changed_at,
    arg_max(identities, stream_version) AS identities, arg_max(channel_customers, stream_version) AS channel_customers,
    max(into_customer) AS merged_into
  FROM told GROUP BY ALL
), tags AS (SELECT tenant, customer_id, list(DISTINCT tag ORDER BY tag) AS tags FROM customer_tagged GROUP BY ALL)
SELECT l.tenant, l.customer_id, r.source, l.registered_at, l.changed_at, l.identities.emails AS email_hashes, l.identities.phones AS phone_hashes,
  l.channel_customers, l.merged_into, coalesce(t.tags, []) AS tags
FROM latest AS l
LEFT JOIN customer_registered AS r USING (tenant, customer_id)
LEFT JOIN tags AS t USING (tenant, customer_id)
