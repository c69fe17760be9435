-- Every source record tells a whole order: no file tells orders line by line.
-- Reads order_records; makes whole_records.
CREATE OR REPLACE TEMP VIEW whole_records AS FROM order_records;
