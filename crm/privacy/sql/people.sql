-- Everything by which the people in `leaving` (and whoever has the addresses in `leaving_given`) are known: accounts, orders, messages, addresses.
-- Reads leaving, leaving_given, merged_customers, orders, order_records, customers, profiles, identities, person_records, touch_records, recipients;
--   makes leaving_orders, leaving_ids, leaving_known, leaving_marks, leaving_messages, leaving_identities, leaving_words, leaving_about.

-- Accounts that were joined are one person.
CREATE OR REPLACE TEMP TABLE leaving_ids AS
SELECT customer_id, customer_id AS lives_as FROM leaving
UNION SELECT customer_id, merged_into FROM merged_customers WHERE merged_into IN (SELECT customer_id FROM leaving);
CREATE OR REPLACE TEMP TABLE leaving_orders AS
SELECT order_key, platform, shop, order_id, customer_id AS lives_as FROM orders WHERE customer_id IN (SELECT customer_id FROM leaving);
CREATE OR REPLACE TEMP TABLE leaving_identities AS
SELECT identity_key, customer_id AS lives_as FROM identities WHERE customer_id IN (SELECT customer_id FROM leaving);

-- What stands in all that was ever told of them.
CREATE OR REPLACE TEMP TABLE leaving_known AS
SELECT lives_as, buyer AS account, nickname, receiver AS name, address, CASE WHEN phone_quality = 'clear' THEN phone END AS phone, phone AS dialled, address_norm(email) AS email
FROM order_records JOIN leaving_orders USING (order_key)
UNION SELECT lives_as, buyer, nickname, receiver, address, CASE WHEN phone_quality = 'clear' THEN phone END, phone, address_norm(email)
FROM order_records JOIN leaving_ids USING (customer_id)
UNION SELECT lives_as, account, nickname, name, NULL, CASE WHEN phone_quality = 'clear' THEN phone END, phone, email_norm
FROM person_records JOIN leaving_identities USING (identity_key)
UNION SELECT lives_as, account, nickname, NULL, NULL, CASE WHEN phone_quality = 'clear' THEN phone END, phone, email_norm
FROM touch_records JOIN leaving_identities USING (identity_key)
UNION SELECT lives_as, NULL, NULL, NULL, NULL, NULL, NULL, address_norm FROM recipients JOIN leaving_ids USING (customer_id);

-- Addresses, and whether somebody else has them as well.
CREATE OR REPLACE TEMP TABLE leaving_marks AS
SELECT kind, mark, min(lives_as) AS lives_as, false AS is_shared FROM (
    SELECT 'phone' AS kind, phone AS mark, lives_as FROM leaving_known UNION SELECT 'email', email, lives_as FROM leaving_known
    UNION SELECT 'account', account, lives_as FROM leaving_known UNION SELECT kind, mark, NULL FROM leaving_given
) WHERE mark IS NOT NULL GROUP BY kind, mark;
UPDATE leaving_marks SET is_shared = true WHERE mark IN (
    SELECT unnest([phone, email_norm]) FROM (SELECT customer_id, phone, email_norm FROM customers UNION SELECT customer_id, phone, email_norm FROM profiles)
    WHERE customer_id NOT IN (SELECT customer_id FROM leaving_ids));

-- Orders of which nobody knows whose they are, with her address on them; other accounts that only records of her orders name.
INSERT INTO leaving_orders
SELECT DISTINCT order_key, platform, shop, order_id, NULL FROM order_records
WHERE order_key IN (SELECT order_key FROM orders WHERE customer_id IS NULL) AND (
    (phone_quality = 'clear' AND phone IN (SELECT mark FROM leaving_marks WHERE kind = 'phone'))
    OR address_norm(email) IN (SELECT mark FROM leaving_marks WHERE kind = 'email'));
INSERT INTO leaving_ids
SELECT DISTINCT customer_id, lives_as FROM (
    SELECT order_records.customer_id, lives_as FROM order_records JOIN leaving_orders USING (order_key)
    UNION ALL SELECT customer_id, lives_as FROM recipients JOIN leaving_marks ON mark = address_norm AND kind = 'email')
WHERE customer_id IS NOT NULL AND customer_id NOT IN (
    SELECT customer_id FROM customers UNION SELECT customer_id FROM profiles UNION SELECT customer_id FROM merged_customers UNION SELECT customer_id FROM leaving_ids)
QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY lives_as NULLS LAST) = 1;
INSERT INTO leaving_marks SELECT DISTINCT 'order', order_id, lives_as, false FROM leaving_orders;

CREATE OR REPLACE TEMP TABLE leaving_messages AS
SELECT campaign_id, customer_id, message_id, address_norm FROM recipients WHERE customer_id IN (SELECT customer_id FROM leaving_ids);
CREATE OR REPLACE TEMP TABLE leaving_words AS
SELECT DISTINCT word FROM (
    SELECT unnest([account, nickname, name, address, dialled, email]) AS word FROM leaving_known UNION SELECT mark FROM leaving_marks WHERE kind <> 'order')
WHERE length(word) > 1;

-- Where an account was, for its new name.
CREATE OR REPLACE TEMP TABLE leaving_about AS
SELECT customer_id, any_value(lives_as) AS lives_as, coalesce(any_value(platform), 'other') AS platform, coalesce(any_value(shop), 'default') AS shop
FROM leaving_ids LEFT JOIN (
    SELECT DISTINCT ON (customer_id) customer_id, platform, shop FROM (
        SELECT customer_id, platform, shop, 1 AS place FROM order_records WHERE customer_id IN (SELECT customer_id FROM leaving_ids)
        UNION ALL SELECT customer_id, platform, shop, 2 FROM profiles) ORDER BY customer_id, place, shop
) USING (customer_id) GROUP BY customer_id;
