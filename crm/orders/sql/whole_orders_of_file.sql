-- One row per order of this file, whole, also where it is told line by line.
-- Reads file_records, combined_orders; makes file_orders_whole.
CREATE TEMP TABLE file_orders_whole AS
SELECT * EXCLUDE (part, shipping) FROM file_records WHERE part IS NULL
UNION ALL BY NAME SELECT * EXCLUDE (made_of, import_id, import_seq) FROM combined_orders;
