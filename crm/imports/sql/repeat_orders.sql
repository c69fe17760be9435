-- Records that an earlier import had already.
-- Reads file_records, order_records; writes order_repeats.
INSERT INTO order_repeats
SELECT order_key, record_id, $import_id, $import_seq FROM file_records SEMI JOIN order_records USING (order_key, record_id);
