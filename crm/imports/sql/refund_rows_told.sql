-- Reads: refund_found, staged. Makes: told_refunds; takes its rows out of staged. $1 platform.
CREATE TEMP TABLE told_refunds AS
SELECT $1 AS platform, shop, original AS order_id,
    'r' || left(md5(concat_ws('|', order_id, happened_at, amount, product)), 12) || '-' || row_number() OVER (PARTITION BY shop, order_id, happened_at, amount, product ORDER BY row_no) AS refund_id,
    'refunded' AS status, abs(amount)::DECIMAL(12, 2) AS amount, happened_at AS settled_at
FROM refund_found;
DELETE FROM staged WHERE row_no IN (SELECT row_no FROM refund_found);
