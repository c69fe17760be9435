-- The rows of orders that come to more than an amount can be, or to more items than can be counted.
-- Reads cells, typed; writes rejects.
INSERT INTO rejects
SELECT row_no, 'unit_price', 'sum' FROM cells
WHERE money(line_amount) IS NULL AND money(unit_price) IS NOT NULL AND whole(item_qty) IS NOT NULL AND times(unit_price, item_qty) IS NULL
    AND row_no NOT IN (SELECT row_no FROM rejects);
INSERT INTO rejects
SELECT row_no, 'order_id', 'sum' FROM typed WHERE order_id IN (
    SELECT order_id FROM typed GROUP BY order_id, shop_name
    HAVING CASE WHEN $rows_are_lines THEN sum(abs(coalesce(line_amount, 0)) + abs(coalesce(shipping_fee, 0)) + abs(coalesce(refund_amount, 0))) ELSE 0 END >= 1e10
        OR max(greatest(abs(coalesce(line_amount, 0)), abs(coalesce(goods_amount, 0))) + abs(coalesce(shipping_fee, 0))) >= 1e10
        OR CASE WHEN $rows_are_lines THEN sum(abs(item_qty::BIGINT)) ELSE 0 END > 2147483647);
