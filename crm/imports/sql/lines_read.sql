-- The source records of order lines as this file tells them. An item file may not say of which shop they are.
-- Reads line_cells, status_words, refund_words, ranks; makes lines_read.
CREATE OR REPLACE TEMP VIEW lines_read AS
SELECT *, digest(concat_ws(chr(31), coalesce(product, ''), coalesce(sku, ''), coalesce(attributes, ''), coalesce(category, ''), coalesce(quantity::TEXT, ''),
    coalesce(unit_price::TEXT, ''), coalesce(amount::TEXT, ''), coalesce(refunded::TEXT, ''), coalesce(status_raw, ''))) AS record_id
FROM (
SELECT $platform AS platform, coalesce(shop_name, $line_shop) AS shop, order_id,
    line_key AS line_id, item_title AS product, coalesce(sku_code, product_id) AS sku, sku_attr AS attributes, category, item_qty AS quantity, unit_price, line_amount AS amount,
    CASE WHEN $refunds_per_line THEN coalesce(refund_amount, CASE WHEN words.status LIKE 'closed%' OR refunds.status = 'refunded' THEN line_amount END, 0) ELSE 0 END::DECIMAL(12, 2) AS refunded,
    status_raw, coalesce(ranks.rank, 0) - CASE WHEN line_amount IS NULL THEN 100 ELSE 0 END AS status_rank  -- a line with its amount wins
FROM line_cells LEFT JOIN status_words AS words ON words.raw = status_raw AND coalesce(words.fulfilment, '') = coalesce(fulfillment_raw, '')
     LEFT JOIN refund_words AS refunds ON refunds.raw = refund_status_raw LEFT JOIN ranks ON ranks.status = words.status
WHERE coalesce(item_title, sku_code, product_id) IS NOT NULL
);
