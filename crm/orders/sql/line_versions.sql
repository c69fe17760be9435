-- Every record of the lines of the touched orders, by its place in line_records; an item file without a shop joins by the order's id alone.
-- Reads line_records, line_repeats, orders, touched_lines; makes line_versions, winning_lines.
CREATE OR REPLACE TEMP VIEW line_versions AS
WITH wanted AS (
    SELECT order_key, platform, shop, order_id FROM orders SEMI JOIN touched_lines USING (order_key)
)
SELECT order_key, line_records.rowid AS line, line_records.line_id, line_records.record_id, amount, refunded, status_rank, greatest(import_seq, coalesce(again.seq, 0)) AS seq
FROM wanted JOIN line_records ON line_records.order_id = wanted.order_id AND line_records.platform = wanted.platform AND line_records.shop IN (wanted.shop, '')
     LEFT JOIN (SELECT platform, shop, order_id, line_id, record_id, max(import_seq) AS seq FROM line_repeats GROUP BY ALL) AS again
         ON again.order_id = line_records.order_id AND again.line_id = line_records.line_id AND again.record_id = line_records.record_id
            AND again.platform = line_records.platform AND again.shop = line_records.shop;
-- As long as no line has a second record, all of them win. By hashes: texts take several times as long.
CREATE OR REPLACE TEMP TABLE winning_lines AS
SELECT order_key, line, record_id, amount, refunded, hash(line_id) AS mark FROM line_versions;
