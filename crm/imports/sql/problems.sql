-- Rows that cannot be taken over: the first thing that is wrong with each.
-- Reads cells; writes rejects.
INSERT INTO rejects
SELECT row_no, split_part(problem, ':', 1), split_part(problem, ':', 2)
FROM (
    SELECT row_no, CASE
        WHEN $has_ids AND order_id IS NULL THEN 'order_id:missing'
        WHEN powered(order_id) OR (rounded(order_id) AND NOT $ids_are_texts) OR (rounded_number(order_id) AND NOT $ids_are_exact) THEN 'order_id:damaged'
        WHEN order_id IN ('合计', '总计', '共计', '小计', '汇总', '合计：', '总计：', '合计:', '总计:', 'Total', 'total', 'TOTAL', 'Grand Total', 'Subtotal') THEN 'order_id:total'
        WHEN created_at IS NOT NULL AND created IS NULL THEN 'created_at:date'
        WHEN paid_at IS NOT NULL AND paid IS NULL THEN 'paid_at:date'
        WHEN cancelled_at IS NOT NULL AND moment(cancelled_at, $zone, $offset, $days_1904) IS NULL THEN 'cancelled_at:date'
        WHEN year(coalesce(paid, created)) NOT BETWEEN 1970 AND 2100 THEN 'created_at:date'
        WHEN paid_amount IS NOT NULL AND money(paid_amount) IS NULL THEN 'paid_amount:' || no_amount(paid_amount)
        WHEN total_amount IS NOT NULL AND money(total_amount) IS NULL THEN 'total_amount:' || no_amount(total_amount)
        WHEN refund_amount IS NOT NULL AND refund(refund_amount) IS NULL THEN 'refund_amount:' || no_amount(refund_amount)
        WHEN kept_amount IS NOT NULL AND money(kept_amount) IS NULL THEN 'kept_amount:' || no_amount(kept_amount)
        WHEN unit_price IS NOT NULL AND money(unit_price) IS NULL THEN 'unit_price:' || no_amount(unit_price)
        WHEN line_amount IS NOT NULL AND money(line_amount) IS NULL THEN 'line_amount:' || no_amount(line_amount)
        WHEN item_qty IS NOT NULL AND whole(item_qty) IS NULL THEN 'item_qty:' || CASE no_amount(item_qty) WHEN 'amount' THEN 'count' ELSE no_amount(item_qty) END
        WHEN paid_amount IS NULL AND shipping_fee IS NOT NULL AND fee(shipping_fee) IS NULL THEN 'shipping_fee:' || no_amount(shipping_fee)
        WHEN coalesce(paid_amount, total_amount) IS NULL AND goods_amount IS NOT NULL AND money(goods_amount) IS NULL THEN 'goods_amount:' || no_amount(goods_amount)
        END AS problem
    FROM (SELECT *, moment(created_at, $zone, $offset, $days_1904) AS created, moment(paid_at, $zone, $offset, $days_1904) AS paid FROM cells))
WHERE problem IS NOT NULL AND row_no NOT IN (SELECT row_no FROM rejects);
