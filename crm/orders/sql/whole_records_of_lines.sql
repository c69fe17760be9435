-- Source records that tell a whole order, and the orders that are told line by line, made whole.
-- Reads order_records, part_orders; makes whole_records.
CREATE OR REPLACE TEMP VIEW whole_records AS
SELECT * EXCLUDE (part, shipping) FROM order_records WHERE part IS NULL
UNION ALL BY NAME SELECT * EXCLUDE (made_of) FROM part_orders;
