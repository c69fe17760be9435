-- Of these only the touched customers' own: a record may have changed hands.
-- Reads settled_records, touched_customers; makes customer_records.
CREATE OR REPLACE TEMP VIEW customer_records AS
FROM settled_records WHERE customer_id IN (SELECT customer_id FROM touched_customers);
