-- The lines of the touched orders, each the record that wins, with its share of the order's spend. Amounts of orders in other currencies
-- are converted by their order's rate; without one they have none. Whence the category: crm/orders/categories.py.
-- Reads product_words, chosen_titles, chosen_codes, line_spend, line_records, orders; writes order_lines.
INSERT INTO order_lines BY NAME
WITH lines AS (
    SELECT order_key, customer_id, day, is_purchase, line_id, product, sku, category, quantity, CASE WHEN rate = 1 THEN amount ELSE worth(amount, rate) END AS amount,
        CASE WHEN rate = 1 THEN line_records.refunded ELSE worth(line_records.refunded, rate) END AS refunded, line_spend.spend
    FROM line_spend JOIN line_records ON line_records.rowid = line JOIN (SELECT order_key, customer_id, day, is_purchase, rate FROM orders) USING (order_key)
)
SELECT order_key, line_id, customer_id, day, is_purchase, lines.product, lines.sku, coalesce(chosen, lines.category, words.category) AS category,
    CASE WHEN chosen IS NOT NULL THEN 'chosen' WHEN lines.category IS NOT NULL THEN 'file' WHEN words.category IS NOT NULL THEN 'rule' END AS category_from,
    quantity, amount, refunded, spend
FROM (
    SELECT lines.*, CASE WHEN titles.seq > coalesce(codes.seq, 0) THEN titles.category ELSE codes.category END AS chosen
    FROM lines LEFT JOIN chosen_titles AS titles ON titles.product = lines.product LEFT JOIN chosen_codes AS codes ON codes.sku = lines.sku
) AS lines LEFT JOIN product_words AS words ON words.product = lines.product;
