-- What the cells of a file come to at the most, whichever of them belong together.
-- Reads cells, order_records.
SELECT coalesce(sum(abs(coalesce(try_cast(line_amount AS DOUBLE), try_cast(unit_price AS DOUBLE) * try_cast(item_qty AS DOUBLE), 0)) + abs(coalesce(fee(shipping_fee), 0))
        + abs(coalesce(money(goods_amount), 0)) + abs(coalesce(refund(refund_amount), 0))), 0)
    + CASE WHEN $in_parts THEN coalesce((SELECT sum(abs(paid) + abs(refunded) + abs(coalesce(shipping, 0))) FROM order_records WHERE part IS NOT NULL), 0) ELSE 0 END AS amount,
    coalesce(sum(abs(whole(item_qty)::BIGINT)), 0) AS items
FROM cells
