-- Customers as their latest order told them; what the latest left blank comes from the one before.
INSERT INTO customers BY NAME
WITH told AS (
    SELECT r.*, o.purchased_at, epoch_us(o.purchased_at) * 1000 + (hash(order_key) % 1000)::BIGINT AS seen_at  -- of two at the same moment always the same one
    FROM order_rows AS r JOIN order_winners AS w USING (order_key, telling) JOIN orders AS o USING (order_key)
    WHERE r.customer_id IN (SELECT customer_id FROM touched_customers)
), latest AS (
    SELECT customer_id, any_value(platform) AS platform, any_value(shop) AS shop, any_value(buyer) AS buyer,
        arg_max(nickname, seen_at) AS nickname, arg_max(receiver, seen_at) AS name, arg_max(email, seen_at) AS email,
        arg_max({'phone': phone, 'quality': phone_quality}, seen_at) FILTER (phone IS NOT NULL) AS dialled,
        arg_max(country, seen_at) AS country,
        arg_max({'province': province, 'city': city, 'district': district}, seen_at) FILTER (province IS NOT NULL) AS place,
        arg_max(accepts_marketing, seen_at) AS accepts_marketing, min(purchased_at) AS first_seen_at
    FROM told GROUP BY customer_id
)
SELECT customer_id, platform, shop, buyer, nickname, name, email, address_norm(email) AS email_norm, split_part(address_norm(email), '@', 2) AS mailbox,
    dialled.phone AS phone, dialled.quality AS phone_quality, CASE WHEN place IS NULL THEN country ELSE 'CN' END AS country,
    place.province AS province, place.city AS city, place.district AS district, tiers.tier AS city_tier, accepts_marketing, first_seen_at
FROM latest LEFT JOIN tiers ON tiers.city = place.city;
