-- The lines that this file tells as records of their own; they need no import yet.
-- Reads file_records; makes part_records.
CREATE OR REPLACE TEMP VIEW part_records AS
SELECT *, '' AS import_id, 0::BIGINT AS import_seq FROM file_records WHERE part IS NOT NULL;
