-- The very first lines of a shop: all are new, so they are written at once where they stay.
-- Reads lines_read; makes file_lines; writes line_records.
INSERT INTO line_records BY NAME SELECT *, $import_id AS import_id, $import_seq AS import_seq FROM lines_read;
CREATE OR REPLACE TEMP VIEW file_lines AS SELECT * EXCLUDE (import_id, import_seq) FROM line_records;
