-- The staged cells with moments in UTC, amounts and counts, worked out where they are asked for: a copy would cost more.
-- The variable reading_zone says how times are read.
CREATE OR REPLACE TEMP VIEW typed AS
    SELECT cells.* REPLACE (
        unfloat(order_id) AS order_id, unfloat(buyer_id) AS buyer_id,
        moment(created_at) AS created_at, moment(paid_at) AS paid_at, moment(completed_at) AS completed_at,
        moment(shipped_at) AS shipped_at, moment(cancelled_at) AS cancelled_at,
        money(total_amount) AS total_amount, money(goods_amount) AS goods_amount, fee(shipping_fee) AS shipping_fee,
        money(paid_amount) AS paid_amount, coalesce(refund(refund_amount), left_over(kept_amount, coalesce(total_amount, paid_amount))) AS refund_amount, whole(item_qty) AS item_qty,
        money(unit_price) AS unit_price, coalesce(money(line_amount), times(unit_price, item_qty)) AS line_amount)
    FROM cells WHERE row_no NOT IN (SELECT row_no FROM bad);
