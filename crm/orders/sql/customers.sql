-- Customers as their latest order told them; what the latest left blank comes from the one before.
INSERT INTO customers BY NAME
WITH told AS (
    SELECT r.*, o.purchased_at AS seen_at, r.province IS NOT NULL AS placed, address_norm(r.email) AS norm
    FROM order_rows AS r JOIN order_winners AS w USING (order_key, telling) JOIN orders AS o USING (order_key)
    WHERE r.customer_id IN (SELECT customer_id FROM touched_customers)
), latest AS (
    SELECT customer_id, any_value(platform) AS platform, any_value(shop) AS shop, any_value(buyer) AS buyer,
        arg_max(nickname, seen_at) AS nickname, arg_max(receiver, seen_at) AS name, arg_max(email, seen_at) AS email, arg_max(norm, seen_at) AS email_norm,
        arg_max({'phone': phone, 'quality': phone_quality}, seen_at) FILTER (phone IS NOT NULL) AS dialled,
        arg_max({'country': country, 'province': province, 'city': city, 'district': district}, seen_at) FILTER (country IS NOT NULL) AS place,
        arg_max({'country': country, 'province': province, 'city': city, 'district': district}, seen_at) FILTER (placed) AS known_place,
        arg_max(accepts_marketing, seen_at) AS accepts_marketing, min(seen_at) AS first_seen_at
    FROM told GROUP BY customer_id
)
SELECT customer_id, platform, shop, buyer, nickname, name, email, email_norm, split_part(email_norm, '@', 2) AS mailbox,
    dialled.phone AS phone, dialled.quality AS phone_quality, coalesce(known_place, place).country AS country,
    coalesce(known_place, place).province AS province, coalesce(known_place, place).city AS city, coalesce(known_place, place).district AS district,
    tiers.tier AS city_tier, accepts_marketing, first_seen_at
FROM latest LEFT JOIN tiers ON tiers.city = coalesce(known_place, place).city AND tiers.province IN (coalesce(known_place, place).province, '');
