-- The records that won for all orders of the touched customers.
-- Reads whole_records, orders; makes winning_records.
CREATE OR REPLACE TEMP VIEW winning_records AS FROM whole_records SEMI JOIN orders USING (order_key, record_id);
