-- Orders in other currencies: what was kept of each, by the latest rate on or before its day; never by a later one. Without a rate, or
-- where the product does not fit, the order is in no sum. Doing it again changes nothing.
-- Reads shop_rates; writes orders.
UPDATE orders SET rate = known.rate, spend = CASE WHEN is_purchase THEN coalesce(worth(paid - refunded, known.rate), 0) ELSE 0 END
FROM (
    SELECT order_key, CASE WHEN worth(greatest(paid, refunded), known.rate) IS NOT NULL THEN known.rate END AS rate
    FROM orders ASOF LEFT JOIN shop_rates AS known ON known.currency = orders.currency AND known.day <= orders.day
    WHERE orders.currency <> $shop_currency
) AS known
WHERE known.order_key = orders.order_key;
