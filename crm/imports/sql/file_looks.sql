-- What the orders in `file_orders` look like. Amounts: of the orders in the shop's own.
-- Reads file_orders, status_words.
WITH seen AS (
    SELECT * REPLACE (CASE WHEN currency = '' THEN $shop_currency ELSE currency END AS currency), on_shop_clock(coalesce(paid_at, created_at), $shop_zone, $shop_offset) AS local FROM file_orders
)
SELECT count(*) AS orders, count(*) FILTER (paid > 0 AND currency = $shop_currency) AS priced,
    coalesce(bool_and(paid = floor(paid) AND coalesce(payable, 0) = floor(coalesce(payable, 0))) FILTER (currency = $shop_currency), false) AS whole,
    coalesce(avg((paid % 100 <> 0)::INTEGER) FILTER (paid > 0 AND currency = $shop_currency), 0) AS odd, coalesce(median(paid::DOUBLE) FILTER (paid > 0 AND currency = $shop_currency), 0) AS median,
    count(*) FILTER (coalesce(paid_at, created_at) > $now::TIMESTAMP + INTERVAL 1 DAY) AS future,
    count(*) FILTER (local < TIMESTAMP '2003-01-01') AS ancient, min(local)::DATE AS first, max(local)::DATE AS last,
    coalesce(list_sort(list(DISTINCT currency)), []) AS currencies, count(CASE WHEN currency <> $shop_currency THEN nullif(list_contains($currencies, currency), false) END) AS foreign,
    count(CASE WHEN currency <> $shop_currency THEN nullif(list_contains($currencies, currency), true) END) AS unnamed,
    count(phone_quality) AS phones, count(*) FILTER (phone_quality <> 'clear') AS unclear, count(*) FILTER (customer_id IS NULL) AS without_buyer,
    count(*) FILTER (status = 'partial_refund' AND refunded = 0) AS partly,
    (SELECT count(*) FROM seen SEMI JOIN (SELECT raw AS status_raw FROM status_words WHERE status = 'by_payment') USING (status_raw)
     WHERE status = 'unpaid' AND paid_at IS NULL) AS unpaid,
    (SELECT histogram(hour(local)) FROM seen WHERE local::TIME <> TIME '00:00:00') AS hours
FROM seen;
