-- Before an import is undone: what a later import told as well becomes the later one's.
-- Makes heirs; writes order_records, order_repeats.
CREATE OR REPLACE TEMP TABLE heirs AS
SELECT order_key, record_id, arg_min(import_id, import_seq) AS import_id, min(import_seq) AS import_seq
FROM order_repeats WHERE import_id <> $import_id AND (order_key, record_id) IN (SELECT (order_key, record_id) FROM order_records WHERE import_id = $import_id)
GROUP BY order_key, record_id;
INSERT INTO order_records BY NAME
SELECT order_records.* REPLACE (heirs.import_id AS import_id, heirs.import_seq AS import_seq)
FROM order_records JOIN heirs ON heirs.order_key = order_records.order_key AND heirs.record_id = order_records.record_id WHERE order_records.import_id = $import_id;
DELETE FROM order_repeats USING heirs
WHERE heirs.order_key = order_repeats.order_key AND heirs.record_id = order_repeats.record_id AND heirs.import_id = order_repeats.import_id;
