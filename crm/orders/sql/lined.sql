-- The typed rows, each with the id of its line: the file's own, else made of what the line says and counted among its equals.
-- The variable reading_line_by: an order has but one line, or its lines are known by their codes; else all that the line says.
CREATE OR REPLACE TEMP VIEW lined AS
SELECT * EXCLUDE (likeness),
    coalesce(CASE WHEN NOT damaged(line_id) THEN line_id END,
        'h' || left(likeness, 12) || '-' || row_number() OVER (PARTITION BY order_id, shop_name, likeness ORDER BY row_no)) AS line_key
FROM (
    SELECT *, md5(CASE getvariable('reading_line_by') WHEN 'order' THEN ''
        WHEN 'code' THEN coalesce(sku_code, product_id, item_title)
        ELSE concat_ws('|', item_title, coalesce(sku_code, product_id), sku_attr, unit_price) END) AS likeness
    FROM typed
);
