-- What the file's orders kept after refunds, each currency for itself.
SELECT CASE WHEN currency = '' THEN getvariable('shop_currency') ELSE currency END AS currency, count(*) AS orders, coalesce(sum(greatest(paid - refunded, 0)), 0) AS amount
FROM told GROUP BY 1 ORDER BY orders DESC, 1
