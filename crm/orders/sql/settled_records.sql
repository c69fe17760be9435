-- The records from which orders and customers are made: accounts that somebody joined bear the id of the one that lives on.
-- Reads filled_records, merged_customers; makes settled_records.
CREATE OR REPLACE TEMP VIEW settled_records AS
SELECT won.* REPLACE (coalesce(merged_into, won.customer_id) AS customer_id)
FROM filled_records AS won LEFT JOIN merged_customers ON merged_customers.customer_id = won.customer_id;
