-- Earlier imports that told orders of this file. $1 this import.
SELECT file, imported_at::DATE AS day FROM imports
WHERE undone_at IS NULL AND import_id IN (
    SELECT import_id FROM order_rows SEMI JOIN in_file USING (order_key) WHERE import_id <> $1
    UNION SELECT import_id FROM order_repeats SEMI JOIN in_file USING (order_key) WHERE import_id <> $1)
ORDER BY import_seq DESC;
