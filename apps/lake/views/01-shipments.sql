-- Shipments that hold (those taken back are left out), one row each.
SELECT s.tenant, s.order_id, s.shipment_id, s.shipped_at, s.recorded_at, s.location_id, s.complete, s.lines, s.tracking
FROM (SELECT *, row_number() OVER (PARTITION BY tenant, order_id, shipment_id ORDER BY stream_version DESC) AS nth FROM order_shipped) AS s
LEFT JOIN (SELECT tenant, order_id, shipment_id, max(stream_version) AS taken_back FROM order_shipment_cancelled GROUP BY ALL) AS c
  ON c.tenant = s.tenant AND c.order_id = s.order_id AND c.shipment_id = s.shipment_id
WHERE s.nth = 1 AND (c.taken_back IS NULL OR c.taken_back < s.stream_version)
