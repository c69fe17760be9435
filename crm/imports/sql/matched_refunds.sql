-- Refund rows whose order is known, as refunds; they are no rows of orders any more.
-- Reads refund_matches; makes file_refunds; writes staged.
CREATE TEMP TABLE file_refunds AS
SELECT $platform AS platform, shop, original AS order_id,
    'r' || left(md5(concat_ws('|', order_id, happened_at, amount, product)), 12) || '-' || row_number() OVER (PARTITION BY shop, order_id, happened_at, amount, product ORDER BY row_no) AS refund_id,
    'refunded' AS status, abs(amount)::DECIMAL(12, 2) AS amount, happened_at AS settled_at
FROM refund_matches;
DELETE FROM staged WHERE row_no IN (SELECT row_no FROM refund_matches);
