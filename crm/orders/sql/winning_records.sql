-- The chosen records that win.
-- Reads whole_records, winning_keys; makes winning_records.
CREATE OR REPLACE TEMP VIEW winning_records AS FROM whole_records SEMI JOIN winning_keys USING (order_key, record_id);
