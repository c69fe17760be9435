-- No order has a second record that says more.
-- Reads winning_records; makes filled_records.
CREATE OR REPLACE TEMP VIEW filled_records AS FROM winning_records;
