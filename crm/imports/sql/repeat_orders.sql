-- Records that an earlier import had already.
-- Reads file_records, order_rows; writes order_repeats.
INSERT INTO order_repeats
SELECT order_key, telling, $import_id, $import_seq FROM file_records SEMI JOIN order_rows USING (order_key, telling);
