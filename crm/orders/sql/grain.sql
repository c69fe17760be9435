-- One row per order or per line? Whether ids repeat, and whether the amount is the same on all rows of an order.
SELECT count(*) FILTER (n > 1) AS repeated, coalesce(avg(same::INTEGER) FILTER (n > 1), 1) >= 0.95 AS constant
FROM (SELECT count(*) AS n, count(DISTINCT coalesce(paid_amount, total_amount)) <= 1 AS same FROM cells WHERE order_id IS NOT NULL GROUP BY order_id, shop_name);
