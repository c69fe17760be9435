-- What the file says, in a few numbers.
-- Reads file_orders, order_records.
SELECT count(*) AS orders, count(*) FILTER (customer_id IS NULL) AS without_buyer,
    min(on_shop_clock(coalesce(paid_at, created_at), $shop_zone, $shop_offset)::DATE) AS first_day, max(on_shop_clock(coalesce(paid_at, created_at), $shop_zone, $shop_offset)::DATE) AS last_day,
    count(*) FILTER (currency = '') AS without_currency,
    count(DISTINCT customer_id) FILTER (customer_id NOT IN (SELECT customer_id FROM order_records WHERE customer_id IS NOT NULL AND import_id <> $import_id)) AS customers_new
FROM file_orders;
