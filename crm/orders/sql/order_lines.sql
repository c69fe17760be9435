-- The lines of the touched orders, each the telling that counts, with its share of the order's spend. Where orders are in other currencies, derive.py has
-- what the lines tell converted by their order's rate. Whence the category: crm/orders/categories.py.
INSERT INTO order_lines BY NAME
WITH told AS (
    SELECT order_key, customer_id, day, is_purchase, line_id, product, sku, category, quantity, amount, line_rows.refunded, line_spend.spend
    FROM line_spend JOIN line_rows ON line_rows.rowid = line JOIN (SELECT order_key, customer_id, day, is_purchase, rate FROM orders) USING (order_key)
)
SELECT order_key, line_id, customer_id, day, is_purchase, told.product, told.sku, coalesce(chosen, told.category, words.category) AS category,
    CASE WHEN chosen IS NOT NULL THEN 'chosen' WHEN told.category IS NOT NULL THEN 'file' WHEN words.category IS NOT NULL THEN 'rule' END AS category_from,
    quantity, amount, refunded, spend
FROM (
    SELECT told.*, CASE WHEN titles.seq > coalesce(codes.seq, 0) THEN titles.category ELSE codes.category END AS chosen
    FROM told LEFT JOIN chosen_titles AS titles ON titles.product = told.product LEFT JOIN chosen_codes AS codes ON codes.sku = told.sku
) AS told LEFT JOIN product_words AS words ON words.product = told.product;
