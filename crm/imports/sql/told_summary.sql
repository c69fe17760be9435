-- What the file tells, in a few numbers. $1 the import.
SELECT count(*) AS orders, count(*) FILTER (customer_id IS NULL) AS without_buyer,
    min(at_home(coalesce(paid_at, created_at))::DATE) AS first_day, max(at_home(coalesce(paid_at, created_at))::DATE) AS last_day,
    count(*) FILTER (currency = '') AS without_currency,
    count(DISTINCT customer_id) FILTER (customer_id NOT IN (SELECT customer_id FROM order_rows WHERE customer_id IS NOT NULL AND import_id <> $1)) AS customers_new
FROM told;
