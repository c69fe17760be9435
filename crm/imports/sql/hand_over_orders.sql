-- Before an import is undone: what a later import told as well becomes the later one's.
-- Makes heirs; writes order_rows, order_repeats.
CREATE OR REPLACE TEMP TABLE heirs AS
SELECT order_key, telling, arg_min(import_id, import_seq) AS import_id, min(import_seq) AS import_seq
FROM order_repeats WHERE import_id <> $import_id AND (order_key, telling) IN (SELECT (order_key, telling) FROM order_rows WHERE import_id = $import_id)
GROUP BY order_key, telling;
INSERT INTO order_rows BY NAME
SELECT order_rows.* REPLACE (heirs.import_id AS import_id, heirs.import_seq AS import_seq)
FROM order_rows JOIN heirs ON heirs.order_key = order_rows.order_key AND heirs.telling = order_rows.telling WHERE order_rows.import_id = $import_id;
DELETE FROM order_repeats USING heirs
WHERE heirs.order_key = order_repeats.order_key AND heirs.telling = order_repeats.telling AND heirs.import_id = order_repeats.import_id;
