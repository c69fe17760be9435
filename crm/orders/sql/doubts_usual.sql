-- What the shop's purchases looked like until now. $1 the shop's time zone.
WITH seen AS (
    SELECT spend, timezone($1, make_timestamptz(epoch_us(purchased_at))) AS local FROM orders WHERE is_purchase
)
SELECT CASE WHEN count(*) >= 20 THEN median(spend::DOUBLE) END AS median,
    (SELECT histogram(hour(local)) FROM seen WHERE local::TIME <> TIME '00:00:00') AS hours
FROM seen;
