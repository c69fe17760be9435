-- What the shop's purchases looked like until now.
-- Reads orders.
WITH seen AS (
    SELECT spend, on_shop_clock(purchased_at, $shop_zone, $shop_offset) AS local FROM orders WHERE is_purchase AND rate IS NOT NULL
)
SELECT CASE WHEN count(*) >= 20 THEN median(spend::DOUBLE) END AS median,
    (SELECT histogram(hour(local)) FROM seen WHERE local::TIME <> TIME '00:00:00') AS hours
FROM seen;
