-- Earlier imports that told orders of this file.
-- Reads imports, order_records, orders_in_file, order_repeats.
SELECT file, imported_at::DATE AS day FROM imports
WHERE undone_at IS NULL AND import_id IN (
    SELECT import_id FROM order_records SEMI JOIN orders_in_file USING (order_key) WHERE import_id <> $import_id
    UNION SELECT import_id FROM order_repeats SEMI JOIN orders_in_file USING (order_key) WHERE import_id <> $import_id)
ORDER BY import_seq DESC;
