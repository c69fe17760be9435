-- Whom each entry of `pasted` is: everybody who is known by it today; where there is nobody, whoever was known by it in an earlier order or upload.
-- Reads pasted, customers, profiles, merged_customers, orders, order_records, identities.
WITH asked AS (
    SELECT place, unnest(['word', 'phone', 'mail']) AS kind, unnest([lower(plain), dial(plain), address_norm(plain)]) AS mark FROM pasted
), today AS (
    SELECT 'word' AS kind, unnest([lower(customer_id), lower(buyer), lower(nickname)]) AS mark, customer_id FROM customers
    UNION ALL SELECT 'word', unnest([lower(customer_id), lower(buyer), lower(nickname)]), customer_id FROM profiles
    UNION ALL SELECT 'word', lower(customer_id), customer_id FROM merged_customers
    UNION ALL SELECT 'word', lower(order_id), customer_id FROM orders
    UNION ALL SELECT 'phone', phone, customer_id FROM customers WHERE phone_quality = 'clear'
    UNION ALL SELECT 'phone', phone, customer_id FROM profiles WHERE phone_quality = 'clear'
    UNION ALL SELECT 'mail', email_norm, customer_id FROM customers
    UNION ALL SELECT 'mail', email_norm, customer_id FROM profiles
), found AS (
    SELECT place, coalesce(merged_into, today.customer_id) AS customer_id
    FROM asked JOIN today USING (kind, mark) LEFT JOIN merged_customers ON merged_customers.customer_id = today.customer_id
    WHERE today.customer_id IS NOT NULL
), rest AS (
    SELECT * FROM asked WHERE place NOT IN (SELECT place FROM found)
), earlier AS (
    SELECT 'word' AS kind, lower(buyer) AS mark, order_key, NULL AS customer_id FROM order_records
    UNION ALL SELECT 'phone', phone, order_key, NULL FROM order_records WHERE phone_quality = 'clear'
    UNION ALL SELECT 'mail', address_norm(email), order_key, NULL FROM order_records
    UNION ALL SELECT 'phone', identity_key[7:], NULL, customer_id FROM identities WHERE starts_with(identity_key, 'phone:')
    UNION ALL SELECT 'mail', identity_key[7:], NULL, customer_id FROM identities WHERE starts_with(identity_key, 'email:')
), found_earlier AS (
    SELECT place, coalesce(merged_into, known.customer_id) AS customer_id
    FROM (SELECT place, coalesce(earlier.customer_id, orders.customer_id) AS customer_id
          FROM rest JOIN earlier USING (kind, mark) LEFT JOIN orders USING (order_key)) AS known
    LEFT JOIN merged_customers ON merged_customers.customer_id = known.customer_id
    WHERE known.customer_id IS NOT NULL
)
SELECT place, min(customer_id) AS customer_id, count(DISTINCT customer_id) AS people, powered(any_value(plain)) OR rounded(any_value(plain)) AS is_damaged
FROM pasted LEFT JOIN (FROM found UNION ALL FROM found_earlier) USING (place) GROUP BY place ORDER BY place
