-- Every record of the lines of the touched orders, by its place in line_rows; an item file without a shop joins by the order's id alone.
-- Reads line_rows, line_repeats, orders, touched_lines; makes line_versions, winning_lines.
CREATE OR REPLACE TEMP VIEW line_versions AS
WITH wanted AS (
    SELECT order_key, platform, shop, order_id FROM orders SEMI JOIN touched_lines USING (order_key)
)
SELECT order_key, line_rows.rowid AS line, line_rows.line_id, line_rows.telling, amount, refunded, status_rank, greatest(import_seq, coalesce(again.seq, 0)) AS seq
FROM wanted JOIN line_rows ON line_rows.order_id = wanted.order_id AND line_rows.platform = wanted.platform AND line_rows.shop IN (wanted.shop, '')
     LEFT JOIN (SELECT platform, shop, order_id, line_id, telling, max(import_seq) AS seq FROM line_repeats GROUP BY ALL) AS again
         ON again.order_id = line_rows.order_id AND again.line_id = line_rows.line_id AND again.telling = line_rows.telling
            AND again.platform = line_rows.platform AND again.shop = line_rows.shop;
-- As long as no line has a second record, all of them win. By hashes: texts take several times as long.
CREATE OR REPLACE TEMP TABLE winning_lines AS
SELECT order_key, line, telling, amount, refunded, hash(line_id) AS mark FROM line_versions;
