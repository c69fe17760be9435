-- The new names in `leaving_accounts`, for whatever else is known of these people, and what will recognise them when an old file comes again.
-- Reads leaving_accounts, leaving_identities, leaving_marks, leaving_orders, order_records; makes leaving_keys, leaving_tombstones.
CREATE OR REPLACE TEMP TABLE leaving_keys AS
SELECT identity_key, token, platform, shop,
    CASE WHEN starts_with(identity_key, 'order:') THEN identity_key ELSE 'account:' || platform || '|' || shop || '|' || token END AS new_key
FROM leaving_identities JOIN leaving_accounts ON leaving_accounts.customer_id = leaving_identities.lives_as;

CREATE OR REPLACE TEMP TABLE leaving_tombstones AS
WITH owners AS (SELECT customer_id AS lives_as, token, new_id, platform, shop FROM leaving_accounts)
SELECT 'account' AS kind, customer_id AS text, token, new_id AS customer_id, platform, shop FROM leaving_accounts
UNION SELECT 'name', unnest([order_records.platform || '|' || buyer, '|' || buyer]), token, new_id, who.platform, who.shop
FROM order_records JOIN leaving_accounts AS who ON who.customer_id = order_records.customer_id WHERE buyer IS NOT NULL
UNION SELECT 'name', regexp_extract(identity_key, '^account:([^|]*)\|', 1) || '|' || regexp_extract(identity_key, '(?s)^account:[^|]*\|[^|]*\|(.*)$', 1),
    token, new_id, platform, shop
FROM leaving_identities JOIN owners USING (lives_as) WHERE starts_with(identity_key, 'account:')
UNION SELECT 'order', order_key::TEXT, arg_min(token, new_id), min(new_id), arg_min(who.platform, new_id), arg_min(who.shop, new_id)
FROM leaving_orders LEFT JOIN order_records USING (order_key) LEFT JOIN leaving_accounts AS who ON who.customer_id = order_records.customer_id GROUP BY order_key
UNION SELECT 'mark', mark, token, new_id, platform, shop FROM leaving_marks LEFT JOIN owners USING (lives_as);
