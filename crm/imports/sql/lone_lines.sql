-- Of the orders whose lines an import told, how many are known. $1 the import.
WITH told AS (SELECT order_id FROM line_rows WHERE import_id = $1 UNION SELECT order_id FROM line_repeats WHERE import_id = $1)
SELECT count(*) AS orders, (SELECT count(*) FROM told SEMI JOIN order_rows USING (order_id)) AS known FROM told;
