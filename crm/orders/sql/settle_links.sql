-- Whom every linked account lives on as, now: `links` holds the answer. Orders of accounts whose answer changed are made anew.
-- Reads order_records, links; writes touched, merged_customers.
INSERT INTO touched
SELECT DISTINCT order_key FROM order_records WHERE customer_id IN (
    SELECT customer_id FROM links FULL JOIN merged_customers AS was USING (customer_id) WHERE links.merged_into IS DISTINCT FROM was.merged_into
);
DELETE FROM merged_customers;
INSERT INTO merged_customers BY NAME SELECT customer_id, merged_into FROM links;
