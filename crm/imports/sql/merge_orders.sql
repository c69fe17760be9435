-- Records that no import had before.
-- Reads file_records; writes order_records.
INSERT INTO order_records BY NAME
SELECT *, $import_id AS import_id, $import_seq AS import_seq FROM file_records ANTI JOIN order_records USING (order_key, record_id);
