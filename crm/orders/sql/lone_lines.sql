-- Of the orders whose lines an import told, how many are known. $1 the import.
SELECT count(*) AS orders, count(*) FILTER (order_id IN (SELECT order_id FROM order_rows)) AS known
FROM (SELECT DISTINCT order_id FROM line_rows WHERE import_id = $1 UNION SELECT DISTINCT order_id FROM line_repeats WHERE import_id = $1);
