-- The very first records of a shop: all are new, so they are written at once where they stay.
-- Reads records_read; makes file_records; writes order_records.
INSERT INTO order_records BY NAME SELECT *, $import_id AS import_id, $import_seq AS import_seq FROM records_read;
CREATE OR REPLACE TEMP VIEW file_records AS SELECT * EXCLUDE (import_id, import_seq) FROM order_records;
