-- Records that no import had before.
-- Reads file_records; writes order_rows.
INSERT INTO order_rows BY NAME
SELECT *, $import_id AS import_id, $import_seq AS import_seq FROM file_records ANTI JOIN order_rows USING (order_key, telling);
