-- Which records of the orders in this file won before it came, and what they said.
-- Reads winners, whole_records; makes winners_before, records_before.
CREATE OR REPLACE TEMP TABLE winners_before AS FROM winners;
CREATE OR REPLACE TEMP TABLE records_before AS FROM whole_records SEMI JOIN winners_before USING (order_key, record_id);
