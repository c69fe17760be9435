-- The order lines as this file tells them. $1 platform, $2 shop ('' = that of the order), $3 refunds are per line.
SELECT *, digest(concat_ws(chr(31), coalesce(product, ''), coalesce(sku, ''), coalesce(attributes, ''), coalesce(category, ''), coalesce(quantity::TEXT, ''),
    coalesce(unit_price::TEXT, ''), coalesce(amount::TEXT, ''), coalesce(refunded::TEXT, ''), coalesce(status_raw, ''))) AS telling
FROM (
SELECT $1 AS platform, coalesce(shop_name, $2) AS shop, order_id,
    line_key AS line_id, item_title AS product, coalesce(sku_code, product_id) AS sku, sku_attr AS attributes, category, item_qty AS quantity, unit_price, line_amount AS amount,
    CASE WHEN $3 THEN coalesce(refund_amount, CASE WHEN words.status LIKE 'closed%' OR refunds.status = 'refunded' THEN line_amount END, 0) ELSE 0 END::DECIMAL(12, 2) AS refunded,
    status_raw, coalesce(ranks.rank, 0) - CASE WHEN line_amount IS NULL THEN 100 ELSE 0 END AS status_rank  -- a line with its amount wins
FROM lined LEFT JOIN status_words AS words ON words.raw = status_raw AND coalesce(words.fulfilment, '') = coalesce(fulfillment_raw, '')
     LEFT JOIN refund_words AS refunds ON refunds.raw = refund_status_raw LEFT JOIN ranks ON ranks.status = words.status
WHERE coalesce(item_title, sku_code, product_id) IS NOT NULL
)
