-- Of the records of lines in this file keep those that no import had before; of the others remember that this one has them, too.
-- Reads file_lines; writes line_repeats, line_rows.
INSERT INTO line_repeats
SELECT platform, shop, order_id, line_id, telling, $import_id, $import_seq FROM file_lines SEMI JOIN line_rows USING (platform, shop, order_id, line_id, telling);
INSERT INTO line_rows BY NAME
SELECT *, $import_id AS import_id, $import_seq AS import_seq FROM file_lines ANTI JOIN line_rows USING (platform, shop, order_id, line_id, telling);
