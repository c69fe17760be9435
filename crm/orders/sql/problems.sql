-- Rows that cannot be taken over: the first thing that is wrong with each. $1 whether ids are expected, $2 whether
-- they are written as texts, $3 whether as numbers of which one ends in another digit than zero.
INSERT INTO bad
SELECT row_no, split_part(problem, ':', 1), split_part(problem, ':', 2)
FROM (
    SELECT row_no, CASE
        WHEN $1 AND order_id IS NULL THEN 'order_id:missing'
        WHEN powered(order_id) OR (rounded(order_id) AND NOT $2) OR (rounded_number(order_id) AND NOT $3) THEN 'order_id:damaged'
        WHEN order_id IN ('合计', '总计', '共计', '小计', '汇总', '合计：', '总计：', '合计:', '总计:', 'Total', 'total', 'TOTAL', 'Grand Total', 'Subtotal') THEN 'order_id:total'
        WHEN created_at IS NOT NULL AND created IS NULL THEN 'created_at:date'
        WHEN paid_at IS NOT NULL AND paid IS NULL THEN 'paid_at:date'
        WHEN year(coalesce(paid, created)) NOT BETWEEN 1970 AND 2100 THEN 'created_at:date'
        WHEN paid_amount IS NOT NULL AND money(paid_amount) IS NULL THEN 'paid_amount:amount'
        WHEN total_amount IS NOT NULL AND money(total_amount) IS NULL THEN 'total_amount:amount'
        WHEN refund_amount IS NOT NULL AND refund(refund_amount) IS NULL THEN 'refund_amount:amount'
        WHEN unit_price IS NOT NULL AND money(unit_price) IS NULL THEN 'unit_price:amount'
        WHEN line_amount IS NOT NULL AND money(line_amount) IS NULL THEN 'line_amount:amount'
        WHEN item_qty IS NOT NULL AND whole(item_qty) IS NULL THEN 'item_qty:count'
        END AS problem
    FROM (SELECT *, moment(created_at) AS created, moment(paid_at) AS paid FROM cells))
WHERE problem IS NOT NULL AND row_no NOT IN (SELECT row_no FROM bad);
