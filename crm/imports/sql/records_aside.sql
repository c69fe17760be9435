-- The records of this file stand apart until it is known which of them are new.
-- Reads records_read; makes file_records_aside, file_records.
CREATE TEMP TABLE file_records_aside AS FROM records_read;
CREATE OR REPLACE TEMP VIEW file_records AS FROM file_records_aside;
