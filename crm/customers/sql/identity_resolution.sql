-- Whose account, phone, e-mail or order it is: for every key that was told the customers it names, the surest way first.
-- Reads person_records, touch_records, consents, suppressions, customers, order_records, merged_customers, orders; makes identity_keys, accounts_of,
--   known_as, newly_known, settled_keys; writes identities.

-- What was told, one row per key and what stood beside it.
CREATE OR REPLACE TEMP TABLE identity_keys AS
SELECT DISTINCT identity_key, platform, shop, account, CASE WHEN phone_quality = 'clear' THEN phone END AS phone, email_norm FROM person_records
UNION SELECT identity_key, platform, shop, account, CASE WHEN phone_quality = 'clear' THEN phone END, email_norm FROM touch_records
UNION SELECT address_norm, regexp_extract(address_norm, '^account:([^|]*)', 1), regexp_extract(address_norm, '^account:[^|]*\|([^|]*)', 1),
    regexp_extract(address_norm, '(?s)^account:[^|]*\|[^|]*\|(.*)$', 1), NULL, NULL
FROM (SELECT address_norm FROM consents UNION SELECT address_norm FROM suppressions) WHERE starts_with(address_norm, 'account:')
UNION SELECT address_norm, '', '', NULL, CASE WHEN starts_with(address_norm, 'phone:') THEN substring(address_norm, 7) END,
    CASE WHEN starts_with(address_norm, 'email:') THEN substring(address_norm, 7) END
FROM (SELECT address_norm FROM consents UNION SELECT address_norm FROM suppressions)
WHERE starts_with(address_norm, 'phone:') OR starts_with(address_norm, 'email:');  -- a no for a way of which no address was told

-- Who has an account, by orders; accounts that a person joined to others still have their own name.
CREATE OR REPLACE TEMP VIEW accounts_of AS
SELECT customer_id, platform, shop, buyer FROM customers
UNION ALL SELECT DISTINCT customer_id, platform, shop, buyer FROM order_records
WHERE customer_id IN (SELECT customer_id FROM merged_customers UNION SELECT merged_into FROM merged_customers);

CREATE OR REPLACE TEMP TABLE known_as AS
SELECT customer_id, CASE WHEN phone_quality = 'clear' THEN phone END AS phone, email_norm FROM customers
WHERE phone IN (SELECT phone FROM identity_keys) OR email_norm IN (SELECT email_norm FROM identity_keys);

-- An account that orders know; where no platform was told, only when there is one platform that has it.
INSERT INTO identities
SELECT identity_key, customer_id FROM (
    SELECT DISTINCT identity_keys.identity_key, who.customer_id, count(DISTINCT who.platform) OVER (PARTITION BY identity_keys.identity_key) AS platforms
    FROM identity_keys JOIN accounts_of AS who ON who.buyer = identity_keys.account
    WHERE identity_keys.platform IN ('', who.platform) AND identity_keys.shop IN ('', who.shop))
WHERE platforms = 1;

-- Else a phone that orders or the dossiers of those accounts know, else such an e-mail.
INSERT INTO known_as
SELECT DISTINCT customer_id, phone, email_norm FROM identity_keys JOIN identities USING (identity_key) WHERE phone IS NOT NULL OR email_norm IS NOT NULL;
INSERT INTO identities
SELECT DISTINCT identity_key, customer_id FROM identity_keys JOIN known_as USING (phone) WHERE identity_key NOT IN (SELECT identity_key FROM identities);
INSERT INTO identities
SELECT DISTINCT identity_key, customer_id FROM identity_keys JOIN known_as USING (email_norm) WHERE identity_key NOT IN (SELECT identity_key FROM identities);

-- Else the order that was told, where there is one of that id and one customer who placed it.
INSERT INTO identities
SELECT identity_key, min(customer_id) FROM (
    SELECT DISTINCT identity_key, orders.customer_id FROM identity_keys JOIN orders ON orders.order_id = regexp_extract(identity_key, '^order:[^|]*\|[^|]*\|(.*)$', 1)
    WHERE starts_with(identity_key, 'order:') AND identity_keys.platform IN ('', orders.platform) AND identity_keys.shop IN ('', orders.shop)
        AND orders.customer_id IS NOT NULL)
GROUP BY identity_key HAVING count(*) = 1;

-- Accounts that nobody knows yet: the id that their first order will have. What is known by the phone or e-mail told of them is theirs too.
CREATE OR REPLACE TEMP TABLE newly_known AS
SELECT DISTINCT identity_key, short_key(coalesce(nullif(platform, ''), 'other') || '|' || coalesce(nullif(shop, ''), 'default') || '|' || account) AS customer_id,
    phone, email_norm
FROM identity_keys WHERE account IS NOT NULL AND identity_key NOT IN (SELECT identity_key FROM identities);
INSERT INTO identities SELECT DISTINCT identity_key, customer_id FROM newly_known;
INSERT INTO identities
SELECT DISTINCT identity_keys.identity_key, newly_known.customer_id FROM identity_keys JOIN newly_known USING (phone)
WHERE identity_keys.identity_key NOT IN (SELECT identity_key FROM identities);
INSERT INTO identities
SELECT DISTINCT identity_keys.identity_key, newly_known.customer_id FROM identity_keys JOIN newly_known USING (email_norm)
WHERE identity_keys.identity_key NOT IN (SELECT identity_key FROM identities);

-- Phones that nobody knows, then e-mails that not even those know.
CREATE OR REPLACE TEMP TABLE newly_known AS
SELECT DISTINCT identity_key, short_key(identity_key) AS customer_id, phone, email_norm
FROM identity_keys WHERE starts_with(identity_key, 'phone:') AND identity_key NOT IN (SELECT identity_key FROM identities);
INSERT INTO identities SELECT DISTINCT identity_key, customer_id FROM newly_known;
INSERT INTO identities
SELECT DISTINCT identity_keys.identity_key, newly_known.customer_id FROM identity_keys JOIN newly_known USING (email_norm)
WHERE identity_keys.identity_key NOT IN (SELECT identity_key FROM identities);
INSERT INTO identities
SELECT DISTINCT identity_key, short_key(identity_key) FROM identity_keys
WHERE NOT starts_with(identity_key, 'order:') AND identity_key NOT IN (SELECT identity_key FROM identities);

-- Accounts that a person joined bear the id of the one that lives on.
CREATE OR REPLACE TEMP TABLE settled_keys AS
SELECT DISTINCT identity_key, coalesce(merged_into, known.customer_id) AS customer_id
FROM identities AS known LEFT JOIN merged_customers ON merged_customers.customer_id = known.customer_id;
DELETE FROM identities;
INSERT INTO identities SELECT identity_key, customer_id FROM settled_keys;
