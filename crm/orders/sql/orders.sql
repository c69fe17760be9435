-- Orders from their winning records. A record without a currency is in the shop's. What was kept of an order in another currency counts 0
-- until its rate is looked up (rates.sql, afterwards).
-- Reads settled_records; writes orders.
INSERT INTO orders BY NAME
WITH priced AS (
    SELECT * REPLACE (CASE WHEN currency = '' THEN $shop_currency ELSE currency END AS currency), coalesce(paid_at, created_at) AS purchased_at,
        status NOT IN ('unpaid', 'deposit_paid', 'closed_unpaid') AND NOT (status = 'cancelled' AND paid_at IS NULL)
            AND (paid > 0 OR refunded > 0 OR paid_at IS NOT NULL) AS is_paid
    FROM settled_records
)
SELECT order_key, record_id, platform, shop, order_id, customer_id, status, created_at, paid_at, purchased_at,
    on_shop_clock(purchased_at, $shop_zone, $shop_offset)::DATE AS day, payable, paid, refunded,
    CASE WHEN is_paid AND paid > refunded AND currency = $shop_currency THEN paid - refunded ELSE 0 END AS spend, currency,
    CASE WHEN currency = $shop_currency THEN 1 END AS rate,
    is_paid AND paid > refunded AS is_purchase, is_paid, status IN ('closed_unpaid', 'cancelled') AND NOT is_paid AS is_lost,
    items, country, province, city, district, source, import_id
FROM priced;
