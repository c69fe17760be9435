-- How many items an order has whose file does not say so: what its lines come to.
-- Reads order_lines, touched_lines, whole_records; writes orders.
UPDATE orders SET items = counted.items FROM (
    SELECT order_key, try_cast(sum(quantity) AS INTEGER) AS items FROM order_lines SEMI JOIN touched_lines USING (order_key) GROUP BY order_key
) AS counted
WHERE counted.order_key = orders.order_key AND counted.items IS NOT NULL
    AND (orders.order_key, orders.record_id) IN (SELECT (order_key, record_id) FROM whole_records WHERE items IS NULL);
