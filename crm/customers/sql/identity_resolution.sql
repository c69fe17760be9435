-- Whose account, phone, e-mail or order it is: for every key that was told the customers it names, the surest way first.
-- Reads person_rows, touch_rows, consents, suppressions, customers, order_rows, merged_customers, orders; makes told_keys, accounts_of,
--   known_as, newly_known, settled_keys; writes told_customers.

-- What was told, one row per key and what stood beside it.
CREATE OR REPLACE TEMP TABLE told_keys AS
SELECT DISTINCT told_key, platform, shop, account, CASE WHEN phone_quality = 'clear' THEN phone END AS phone, email_norm FROM person_rows
UNION SELECT told_key, platform, shop, account, CASE WHEN phone_quality = 'clear' THEN phone END, email_norm FROM touch_rows
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
UNION ALL SELECT DISTINCT customer_id, platform, shop, buyer FROM order_rows
WHERE customer_id IN (SELECT customer_id FROM merged_customers UNION SELECT merged_into FROM merged_customers);

CREATE OR REPLACE TEMP TABLE known_as AS
SELECT customer_id, CASE WHEN phone_quality = 'clear' THEN phone END AS phone, email_norm FROM customers
WHERE phone IN (SELECT phone FROM told_keys) OR email_norm IN (SELECT email_norm FROM told_keys);

-- An account that orders know; where no platform was told, only when there is one platform that has it.
INSERT INTO told_customers
SELECT told_key, customer_id FROM (
    SELECT DISTINCT told_keys.told_key, who.customer_id, count(DISTINCT who.platform) OVER (PARTITION BY told_keys.told_key) AS platforms
    FROM told_keys JOIN accounts_of AS who ON who.buyer = told_keys.account
    WHERE told_keys.platform IN ('', who.platform) AND told_keys.shop IN ('', who.shop))
WHERE platforms = 1;

-- Else a phone that orders or the dossiers of those accounts know, else such an e-mail.
INSERT INTO known_as
SELECT DISTINCT customer_id, phone, email_norm FROM told_keys JOIN told_customers USING (told_key) WHERE phone IS NOT NULL OR email_norm IS NOT NULL;
INSERT INTO told_customers
SELECT DISTINCT told_key, customer_id FROM told_keys JOIN known_as USING (phone) WHERE told_key NOT IN (SELECT told_key FROM told_customers);
INSERT INTO told_customers
SELECT DISTINCT told_key, customer_id FROM told_keys JOIN known_as USING (email_norm) WHERE told_key NOT IN (SELECT told_key FROM told_customers);

-- Else the order that was told, where there is one of that id and one customer who placed it.
INSERT INTO told_customers
SELECT told_key, min(customer_id) FROM (
    SELECT DISTINCT told_key, orders.customer_id FROM told_keys JOIN orders ON orders.order_id = regexp_extract(told_key, '^order:[^|]*\|[^|]*\|(.*)$', 1)
    WHERE starts_with(told_key, 'order:') AND told_keys.platform IN ('', orders.platform) AND told_keys.shop IN ('', orders.shop)
        AND orders.customer_id IS NOT NULL)
GROUP BY told_key HAVING count(*) = 1;

-- Accounts that nobody knows yet: the id that their first order will have. What is known by the phone or e-mail told of them is theirs too.
CREATE OR REPLACE TEMP TABLE newly_known AS
SELECT DISTINCT told_key, short_key(coalesce(nullif(platform, ''), 'other') || '|' || coalesce(nullif(shop, ''), 'default') || '|' || account) AS customer_id,
    phone, email_norm
FROM told_keys WHERE account IS NOT NULL AND told_key NOT IN (SELECT told_key FROM told_customers);
INSERT INTO told_customers SELECT DISTINCT told_key, customer_id FROM newly_known;
INSERT INTO told_customers
SELECT DISTINCT told_keys.told_key, newly_known.customer_id FROM told_keys JOIN newly_known USING (phone)
WHERE told_keys.told_key NOT IN (SELECT told_key FROM told_customers);
INSERT INTO told_customers
SELECT DISTINCT told_keys.told_key, newly_known.customer_id FROM told_keys JOIN newly_known USING (email_norm)
WHERE told_keys.told_key NOT IN (SELECT told_key FROM told_customers);

-- Phones that nobody knows, then e-mails that not even those know.
CREATE OR REPLACE TEMP TABLE newly_known AS
SELECT DISTINCT told_key, short_key(told_key) AS customer_id, phone, email_norm
FROM told_keys WHERE starts_with(told_key, 'phone:') AND told_key NOT IN (SELECT told_key FROM told_customers);
INSERT INTO told_customers SELECT DISTINCT told_key, customer_id FROM newly_known;
INSERT INTO told_customers
SELECT DISTINCT told_keys.told_key, newly_known.customer_id FROM told_keys JOIN newly_known USING (email_norm)
WHERE told_keys.told_key NOT IN (SELECT told_key FROM told_customers);
INSERT INTO told_customers
SELECT DISTINCT told_key, short_key(told_key) FROM told_keys
WHERE NOT starts_with(told_key, 'order:') AND told_key NOT IN (SELECT told_key FROM told_customers);

-- Accounts that a person joined bear the id of the one that lives on.
CREATE OR REPLACE TEMP TABLE settled_keys AS
SELECT DISTINCT told_key, coalesce(merged_into, told.customer_id) AS customer_id
FROM told_customers AS told LEFT JOIN merged_customers ON merged_customers.customer_id = told.customer_id;
DELETE FROM told_customers;
INSERT INTO told_customers SELECT told_key, customer_id FROM settled_keys;
