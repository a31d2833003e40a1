-- Money captured for orders, one row each time; negative where the channel took a capture back.
SELECT tenant, order_id, amount, currency, complete, occurred_at, recorded_at, id AS event_id FROM order_paid
