-- The same with the lines that earlier files told of these orders: of a line that was told more than once the largest.
-- Reads typed, order_records, line_cells; writes rejects.
INSERT INTO rejects
SELECT row_no, 'order_id', 'sum' FROM typed WHERE order_id IN (
    SELECT order_id FROM (
        SELECT order_id, part, max(amount) AS amount, max(items) AS items
        FROM (
            SELECT order_id, part, abs(paid) + abs(refunded) + abs(coalesce(shipping, 0)) AS amount, abs(items::BIGINT) AS items
            FROM order_records WHERE part IS NOT NULL AND order_id IN (SELECT order_id FROM typed)
            UNION ALL
            SELECT order_id, line_key, abs(coalesce(line_amount, 0)) + abs(coalesce(shipping_fee, 0)) + abs(coalesce(refund_amount, 0)), abs(item_qty::BIGINT) FROM line_cells
        ) GROUP BY order_id, part
    ) GROUP BY order_id HAVING sum(amount) >= 1e10 OR sum(items) > 2147483647);
