-- Of the records of lines in this file keep those that no import had before; of the others remember that this one has them, too.
-- Reads file_lines; writes line_repeats, line_records.
INSERT INTO line_repeats
SELECT platform, shop, order_id, line_id, record_id, $import_id, $import_seq FROM file_lines SEMI JOIN line_records USING (platform, shop, order_id, line_id, record_id);
INSERT INTO line_records BY NAME
SELECT *, $import_id AS import_id, $import_seq AS import_seq FROM file_lines ANTI JOIN line_records USING (platform, shop, order_id, line_id, record_id);
