-- title: Events that no person had a hand in
-- owner: operations
-- unit: share
-- grain: day recorded (UTC), tenant and department
-- better: higher
-- plot: line x=day y=share color=department
-- note: hours_saved takes two minutes for each event that somebody would have entered by hand.
SELECT recorded_at::DATE AS day, tenant, replace(source, 'instep/', '') AS department, count(*) AS events,
  count(*) FILTER (WHERE actor LIKE 'system/%' OR actor LIKE 'connection/%') AS without_a_person,
  round(count(*) FILTER (WHERE actor LIKE 'system/%' OR actor LIKE 'connection/%') / count(*), 4) AS share,
  round(count(*) FILTER (WHERE actor LIKE 'system/%' OR actor LIKE 'connection/%') * 2 / 60, 1) AS hours_saved
FROM events
WHERE topic IN ('orders', 'inventory', 'customers', 'people', 'payroll', 'finance') AND type NOT LIKE '%.position-advanced'
GROUP BY ALL ORDER BY ALL
