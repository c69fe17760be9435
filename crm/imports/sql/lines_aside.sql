-- The lines of this file stand apart until it is known which of them are new.
-- Reads lines_read; makes file_lines_aside, file_lines.
CREATE TEMP TABLE file_lines_aside AS FROM lines_read;
CREATE OR REPLACE TEMP VIEW file_lines AS FROM file_lines_aside;
