-- The refunds as this file tells them, of each what is furthest.
-- Reads typed, refund_words; makes file_refunds.
CREATE TEMP TABLE file_refunds AS
SELECT platform, shop, order_id, refund_id, arg_max(status, furthest) AS status, arg_max(amount, furthest) AS amount,
    arg_max(settled_at, furthest) AS settled_at
FROM (
    SELECT $platform AS platform, coalesce(shop_name, $refund_shop) AS shop, order_id, coalesce(words.status, 'none') AS status,
        coalesce(CASE WHEN NOT damaged(line_id) THEN line_id END,
            'h' || left(md5(concat_ws('|', item_title, refund_amount)), 12)
                || '-' || row_number() OVER (PARTITION BY order_id, item_title, refund_amount ORDER BY row_no)) AS refund_id,
        greatest(coalesce(refund_amount, 0), 0)::DECIMAL(12, 2) AS amount, completed_at AS settled_at,
        row(coalesce(words.status = 'refunded', false), coalesce(completed_at, TIMESTAMP '1970-01-01'), coalesce(refund_amount, 0)) AS furthest
    FROM typed LEFT JOIN refund_words AS words ON words.raw = refund_status_raw
) GROUP BY platform, shop, order_id, refund_id;
