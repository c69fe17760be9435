-- Of the orders of which an import has lines, how many are known.
-- Reads order_rows, line_rows, line_repeats.
WITH these AS (SELECT order_id FROM line_rows WHERE import_id = $import_id UNION SELECT order_id FROM line_repeats WHERE import_id = $import_id)
SELECT count(*) AS orders, (SELECT count(*) FROM these SEMI JOIN order_rows USING (order_id)) AS known FROM these;
