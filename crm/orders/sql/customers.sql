-- Customers as their latest order says; what the latest left blank comes from the one before. Few leave anything blank that an earlier one
-- says: only for them (`patched`) every cell is looked for in all their orders. Of two at one moment platform, shop and order id decide:
-- few have such, and only those are put in order (`tied_moments`, the last has 999). For a day in the past crm/customers/portraits.py says
-- the same; what is changed here is changed there.
-- Reads customer_orders, tiers, customer_records; makes tied_moments; writes customers.
CREATE OR REPLACE TEMP TABLE tied_moments AS
SELECT order_key, 1000 - least(row_number() OVER (PARTITION BY customer_id, purchased_at ORDER BY platform DESC, shop DESC, order_id DESC), 1000) AS place
FROM customer_orders WHERE customer_id IS NOT NULL AND hash(customer_id, purchased_at) IN (
    SELECT hash(customer_id, purchased_at) AS mark FROM customer_orders WHERE customer_id IS NOT NULL GROUP BY mark HAVING count(*) > 1);
INSERT INTO customers BY NAME
WITH seen_orders AS (
    SELECT seen.*, coalesce(paid_at, created_at) AS purchased_at, epoch_us(coalesce(paid_at, created_at)) * 1000 + coalesce(place, 0) AS seen_at
    FROM customer_records AS seen LEFT JOIN tied_moments USING (order_key) WHERE customer_id IS NOT NULL
), latest AS MATERIALIZED (
    SELECT customer_id, arg_max(order_key, seen_at) AS order_key, min(purchased_at) AS first_seen_at,
        bool_or(nickname IS NOT NULL) AS named, bool_or(receiver IS NOT NULL) AS received, bool_or(email IS NOT NULL) AS mailed,
        bool_or(phone IS NOT NULL) AS dialled, bool_or(country IS NOT NULL) AS placed, bool_or(province IS NOT NULL) AS situated,
        bool_or(accepts_marketing IS NOT NULL) AS asked
    FROM seen_orders GROUP BY customer_id
), newest AS MATERIALIZED (
    SELECT seen.*, first_seen_at,
        (nickname IS NULL AND named) OR (receiver IS NULL AND received) OR (email IS NULL AND mailed) OR (phone IS NULL AND dialled)
            OR (seen.country IS NULL AND placed) OR (province IS NULL AND situated) OR (accepts_marketing IS NULL AND asked) AS lacking
    FROM customer_records AS seen JOIN latest USING (customer_id, order_key)
), patched AS (
    SELECT customer_id, arg_max(platform, seen_at) AS platform, arg_max(shop, seen_at) AS shop, arg_max(buyer, seen_at) AS buyer,
        arg_max(nickname, seen_at) AS nickname, arg_max(receiver, seen_at) AS receiver, arg_max(email, seen_at) AS email,
        arg_max({'phone': phone, 'quality': phone_quality, 'completed': completed_at}, seen_at) FILTER (phone IS NOT NULL) AS dialled,
        arg_max(country, seen_at) AS country,
        arg_max({'province': province, 'city': city, 'district': district, 'country': country}, seen_at) FILTER (province IS NOT NULL) AS place,
        arg_max(accepts_marketing, seen_at) AS accepts_marketing, min(purchased_at) AS first_seen_at
    FROM seen_orders WHERE customer_id IN (SELECT customer_id FROM newest WHERE lacking) GROUP BY customer_id
), known AS (
    SELECT customer_id, platform, shop, buyer, nickname, receiver, email, phone, CASE WHEN phone IS NOT NULL THEN phone_quality END AS phone_quality, completed_at, country,
        province, CASE WHEN province IS NOT NULL THEN city END AS city, CASE WHEN province IS NOT NULL THEN district END AS district, accepts_marketing, first_seen_at
    FROM newest WHERE NOT lacking
    UNION ALL
    SELECT customer_id, platform, shop, buyer, nickname, receiver, email, dialled.phone, dialled.quality, dialled.completed, coalesce(place.country, country),  -- a province goes with its own country
        place.province, place.city, place.district, accepts_marketing, first_seen_at
    FROM patched
)
SELECT customer_id, platform, shop, buyer, nickname, receiver AS name, email, address_norm(email) AS email_norm,
    split_part(address_norm(email), '@', 2) AS mailbox, phone, phone_quality,
    CASE WHEN phone_quality = 'virtual' THEN (on_shop_clock(completed_at, $shop_zone, $shop_offset) + INTERVAL 15 DAYS)::DATE END AS phone_until,  -- then the platform takes it back
    country, known.province, known.city, district, tiers.tier AS city_tier, accepts_marketing, first_seen_at
FROM known LEFT JOIN tiers ON tiers.city = known.city;
