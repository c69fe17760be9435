-- What refund reports add to orders; doing it again changes nothing. An order's own file and the report tell of the same money, each
-- perhaps at an earlier moment than the other: the greater of the two is what was given back, never their sum, and never less than the
-- order's file says. A refund counts once it is paid out; of one that was told several times, the last settlement. Orders that still wait
-- for their payment are left alone: their file is older than the report. A closed order without a payment that was refunded must have been
-- paid: a refund, not lost.
-- Reads refund_records; writes orders.
UPDATE orders SET refunded = result.refunded, paid = result.paid, status = result.status, is_paid = result.is_paid,
    is_lost = orders.is_lost AND NOT result.is_paid, is_purchase = result.is_paid AND result.paid > result.refunded,
    spend = CASE WHEN result.is_paid AND result.paid > result.refunded AND currency = $shop_currency THEN result.paid - result.refunded ELSE 0 END
FROM (
    SELECT order_key, greatest(refunded, given_back) AS refunded, orders.is_paid OR orders.is_lost AS is_paid,
        CASE WHEN refunded = 0 AND paid > 0 AND payable - paid = given_back THEN payable ELSE paid END AS paid,  -- paid was net already
        CASE WHEN orders.is_lost THEN 'closed_refunded' ELSE status END AS status
    FROM orders JOIN (
        SELECT order_key, least(sum(amount), 9999999999.99)::DECIMAL(12, 2) AS given_back  -- no order is larger
        FROM (
            SELECT order_key, refund_id, arg_max(refund_records.amount, row(coalesce(settled_at, TIMESTAMP '1970-01-01'), refund_records.amount)) AS amount
            FROM orders JOIN refund_records
                ON refund_records.order_id = orders.order_id AND refund_records.platform = orders.platform AND refund_records.shop IN (orders.shop, '')
            WHERE refund_records.status = 'refunded' AND refund_records.amount > 0 AND orders.status NOT IN ('unpaid', 'deposit_paid')
            GROUP BY order_key, refund_id
        ) GROUP BY order_key
    ) USING (order_key)
) AS result
WHERE result.order_key = orders.order_key;
