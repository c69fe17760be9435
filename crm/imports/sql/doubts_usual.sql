-- What the shop's purchases looked like until now.
WITH seen AS (
    SELECT spend, at_home(purchased_at) AS local FROM orders WHERE is_purchase AND rate IS NOT NULL
)
SELECT CASE WHEN count(*) >= 20 THEN median(spend::DOUBLE) END AS median,
    (SELECT histogram(hour(local)) FROM seen WHERE local::TIME <> TIME '00:00:00') AS hours
FROM seen;
