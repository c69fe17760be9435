-- Of the orders of which an import has lines, how many are known.
-- Reads order_records, line_records, line_repeats.
WITH these AS (SELECT order_id FROM line_records WHERE import_id = $import_id UNION SELECT order_id FROM line_repeats WHERE import_id = $import_id)
SELECT count(*) AS orders, (SELECT count(*) FROM these SEMI JOIN order_records USING (order_id)) AS known FROM these;
