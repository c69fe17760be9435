-- The typed rows, each with the id of its line: the file's own, else made of what the line says and counted among its equals.
-- The variable reading_line_by: an order has but one line, or its lines are known by their codes; else all that the line says.
CREATE OR REPLACE TEMP MACRO likeness(title, code, attributes, price) AS
    CASE getvariable('reading_line_by') WHEN 'order' THEN '' WHEN 'code' THEN coalesce(code, title) ELSE concat_ws('|', title, code, attributes, price) END;
CREATE OR REPLACE TEMP VIEW worded AS
SELECT row_no, order_id, shop_name, likeness(item_title, coalesce(sku_code, product_id), sku_attr, unit_price) AS words FROM typed;
-- Few orders have two lines that are alike: only those are put in order, to be counted.
CREATE OR REPLACE TEMP TABLE alike AS
SELECT row_no, row_number() OVER (PARTITION BY order_id, shop_name, words ORDER BY row_no) AS nth FROM worded
WHERE hash(order_id, shop_name, words) IN (SELECT hash(order_id, shop_name, words) AS mark FROM worded GROUP BY mark HAVING count(*) > 1)
QUALIFY nth > 1;
CREATE OR REPLACE TEMP VIEW lined AS
SELECT typed.*,
    coalesce(CASE WHEN NOT damaged(line_id) THEN line_id END,
        'h' || left(md5(likeness(item_title, coalesce(sku_code, product_id), sku_attr, unit_price)), 12) || '-' || coalesce(nth, 1)) AS line_key
FROM typed LEFT JOIN alike USING (row_no);
