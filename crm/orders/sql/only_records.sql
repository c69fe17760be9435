-- No order has a second record: each wins.
-- Reads whole_records; makes winning_records.
CREATE OR REPLACE TEMP VIEW winning_records AS FROM whole_records;
