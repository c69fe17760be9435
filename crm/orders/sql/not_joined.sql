-- Nobody has joined accounts.
-- Reads filled_records; makes settled_records.
CREATE OR REPLACE TEMP VIEW settled_records AS FROM filled_records;
