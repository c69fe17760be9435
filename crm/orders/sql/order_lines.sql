-- Every telling of the lines of the touched orders; an item file without a shop joins by the order's id alone. Where orders are in other currencies, derive.py has
-- the lines' amounts converted by their order's rate. Whence the category: crm/orders/categories.py.
CREATE OR REPLACE TEMP VIEW lines_of_touched AS
WITH wanted AS (
    SELECT order_key, platform, shop, order_id, customer_id, day, is_purchase, rate FROM orders SEMI JOIN touched_lines USING (order_key)
), told AS (
    SELECT wanted.order_key, customer_id, day, is_purchase, line_rows.*,
        greatest(import_seq, coalesce(again.seq, 0)) AS seq
    FROM wanted JOIN line_rows ON line_rows.order_id = wanted.order_id AND line_rows.platform = wanted.platform AND line_rows.shop IN (wanted.shop, '')
         LEFT JOIN (SELECT platform, shop, order_id, line_id, telling, max(import_seq) AS seq FROM line_repeats GROUP BY ALL) AS again
             ON again.order_id = line_rows.order_id AND again.line_id = line_rows.line_id AND again.telling = line_rows.telling
                AND again.platform = line_rows.platform AND again.shop = line_rows.shop
)
SELECT order_key, line_id, customer_id, day, is_purchase, told.product, told.sku, coalesce(chosen, told.category, words.category) AS category,
    CASE WHEN chosen IS NOT NULL THEN 'chosen' WHEN told.category IS NOT NULL THEN 'file' WHEN words.category IS NOT NULL THEN 'rule' END AS category_from,
    quantity, amount, refunded, status_rank, told.seq, telling
FROM (
    SELECT told.*, CASE WHEN titles.seq > coalesce(codes.seq, 0) THEN titles.category ELSE codes.category END AS chosen
    FROM told LEFT JOIN chosen_titles AS titles ON titles.product = told.product LEFT JOIN chosen_codes AS codes ON codes.sku = told.sku
) AS told LEFT JOIN product_words AS words ON words.product = told.product;
