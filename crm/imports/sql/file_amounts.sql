-- What the file's orders kept after refunds, each currency for itself.
-- Reads file_orders.
SELECT CASE WHEN currency = '' THEN $shop_currency ELSE currency END AS currency, count(*) AS orders, coalesce(sum(greatest(paid - refunded, 0)), 0) AS amount
FROM file_orders GROUP BY 1 ORDER BY orders DESC, 1
