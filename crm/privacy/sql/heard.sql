-- Whom the tombstones in `heard` are about, in an older copy of the database that still knows them.
-- Reads order_records, recipients, skipped, customer_links, identities, suppressions, consents, customers, profiles, merged_customers, heard;
--   makes heard_ids, leaving, leaving_given.
CREATE OR REPLACE TEMP TABLE heard_ids AS
SELECT known.customer_id, token, heard.customer_id AS new_id, heard.platform, heard.shop FROM (
    SELECT DISTINCT customer_id FROM order_records WHERE customer_id IS NOT NULL UNION SELECT customer_id FROM recipients UNION SELECT customer_id FROM skipped
    UNION SELECT customer_id FROM customer_links WHERE customer_id IS NOT NULL UNION SELECT customer_id FROM identities
) AS known JOIN heard ON kind = 'account' AND mark = buried('account', known.customer_id, $secret);
CREATE OR REPLACE TEMP TABLE leaving AS
SELECT DISTINCT coalesce(merged_into, heard_ids.customer_id) AS customer_id FROM heard_ids LEFT JOIN merged_customers USING (customer_id);
CREATE OR REPLACE TEMP TABLE leaving_given AS
SELECT DISTINCT CASE WHEN contains(address, '@') THEN 'email' ELSE 'phone' END AS kind, address AS mark FROM (
    SELECT address_norm AS address FROM suppressions UNION SELECT address_norm FROM consents UNION SELECT address_norm FROM recipients
    UNION SELECT unnest([phone, email_norm]) FROM customers UNION SELECT unnest([phone, email_norm]) FROM profiles
    UNION SELECT phone FROM order_records WHERE customer_id IS NULL AND phone_quality = 'clear' UNION SELECT address_norm(email) FROM order_records WHERE customer_id IS NULL
) JOIN heard ON heard.kind = 'mark' AND heard.mark = buried('mark', address, $secret) WHERE address IS NOT NULL AND NOT starts_with(address, 'account:');
