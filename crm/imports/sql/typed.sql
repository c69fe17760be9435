-- The staged cells with moments in UTC, amounts and counts, worked out where they are asked for: a copy would cost more.
-- Reads cells, rejects; makes typed.
CREATE OR REPLACE TEMP VIEW typed AS
    SELECT cells.* REPLACE (
        unfloat(order_id) AS order_id, unfloat(buyer_id) AS buyer_id,
        moment(created_at, $zone, $offset, $days_1904) AS created_at, moment(paid_at, $zone, $offset, $days_1904) AS paid_at, moment(completed_at, $zone, $offset, $days_1904) AS completed_at,
        moment(shipped_at, $zone, $offset, $days_1904) AS shipped_at, moment(cancelled_at, $zone, $offset, $days_1904) AS cancelled_at,
        money(total_amount) AS total_amount, money(goods_amount) AS goods_amount, fee(shipping_fee) AS shipping_fee,
        money(paid_amount) AS paid_amount, coalesce(refund(refund_amount), left_over(kept_amount, coalesce(total_amount, paid_amount))) AS refund_amount, whole(item_qty) AS item_qty,
        money(unit_price) AS unit_price, coalesce(money(line_amount), times(unit_price, item_qty)) AS line_amount)
    FROM cells WHERE row_no NOT IN (SELECT row_no FROM rejects);
