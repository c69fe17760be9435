-- Refunds of a list of movements, each of the order it names; they are no rows of orders any more.
-- Reads typed, status_words, rejects; makes file_refunds; writes staged.
CREATE TEMP TABLE file_refunds AS
SELECT $platform AS platform, coalesce(shop_name, $shop) AS shop, reference_id AS order_id, order_id AS refund_id,
    CASE WHEN coalesce(words.status, 'completed') IN ('unpaid', 'cancelled', 'closed_unpaid') THEN 'none' ELSE 'refunded' END AS status,
    (-paid_amount)::DECIMAL(12, 2) AS amount, coalesce(paid_at, created_at) AS settled_at
FROM typed LEFT JOIN status_words AS words ON words.raw = status_raw AND coalesce(words.fulfilment, '') = coalesce(fulfillment_raw, '')
WHERE list_contains($refunds::TEXT[], lower(row_kind))
QUALIFY row_number() OVER (PARTITION BY reference_id, order_id ORDER BY row_no DESC) = 1;
DELETE FROM staged WHERE list_contains($refunds::TEXT[], lower(row_kind)) AND row_no NOT IN (SELECT row_no FROM rejects);
