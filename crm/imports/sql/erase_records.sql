-- What the source records of orders, lines and rejected rows say of the people who leave: gone; what they bought, when and in which city stays,
-- under random accounts. Each keeps its record_id, so that the same file is recognised when it comes again.
-- Reads leaving_accounts, leaving_orders, leaving_marks, leaving_words; makes leaving_cells, leaving_rows; writes order_records, line_records,
--   import_rejections.
UPDATE order_records SET
    nickname = NULL, receiver = NULL, email = NULL, phone = NULL, phone_quality = NULL, district = NULL, address = NULL, buyer = NULL
WHERE order_key IN (SELECT order_key FROM leaving_orders);
UPDATE order_records SET customer_id = who.new_id, buyer = who.token
FROM leaving_accounts AS who WHERE who.customer_id = order_records.customer_id;
UPDATE line_records SET attributes = NULL
WHERE attributes IS NOT NULL AND (platform, order_id) IN (SELECT (platform, order_id) FROM leaving_orders);

CREATE OR REPLACE TEMP TABLE leaving_cells AS
SELECT rowid AS id, lower(trim(unnest(coalesce(try_cast(cells AS TEXT[]), [value]) || [value]), ' ''="' || chr(9) || chr(160))) AS cell
FROM import_rejections WHERE cells IS NOT NULL OR value IS NOT NULL;
CREATE OR REPLACE TEMP TABLE leaving_rows AS
SELECT DISTINCT id FROM (
    SELECT id, unnest([cell] || regexp_extract_all(cell, '\d{7,}') || regexp_extract_all(cell, '[^\s@,;<>]+@[^\s@,;<>]+')) AS piece FROM leaving_cells)
WHERE piece IN (SELECT lower(mark) FROM leaving_marks UNION SELECT lower(word) FROM leaving_words);
UPDATE import_rejections SET value = NULL, cells = NULL WHERE rowid IN (SELECT id FROM leaving_rows);
