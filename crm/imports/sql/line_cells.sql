-- The typed rows, each with the id of its line: the file's own, else made of what the line says and counted among its equals.
-- Reads typed; makes line_wordings, repeated_lines, line_cells.
CREATE OR REPLACE TEMP MACRO line_words(title, code, attributes, price) AS
    CASE $line_by WHEN 'order' THEN '' WHEN 'code' THEN coalesce(code, title) ELSE concat_ws('|', title, code, attributes, price) END;
CREATE OR REPLACE TEMP VIEW line_wordings AS
SELECT row_no, order_id, shop_name, line_words(item_title, coalesce(sku_code, product_id), sku_attr, unit_price) AS words FROM typed;
-- Few orders have two lines that are alike: only those are put in order, to be counted. By two hashes, 128 bits in all: texts take twice as long.
CREATE OR REPLACE TEMP TABLE repeated_lines AS
WITH marks AS MATERIALIZED (SELECT row_no, hash(order_id, shop_name) AS whose, hash(words) AS what FROM line_wordings)
SELECT row_no, row_number() OVER (PARTITION BY whose, what ORDER BY row_no) AS nth
FROM marks SEMI JOIN (SELECT whose, what FROM marks GROUP BY ALL HAVING count(*) > 1) USING (whose, what)
QUALIFY nth > 1;
CREATE OR REPLACE TEMP VIEW line_cells AS
SELECT typed.*,
    coalesce(CASE WHEN NOT damaged(line_id) THEN line_id END,
        'h' || left(md5(line_words(item_title, coalesce(sku_code, product_id), sku_attr, unit_price)), 12) || '-' || coalesce(nth, 1)) AS line_key
FROM typed LEFT JOIN repeated_lines USING (row_no);
