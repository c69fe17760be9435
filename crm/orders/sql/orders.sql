-- Orders from their winning tellings (`winning_touched`). A telling without a currency is in the shop's (the variable shop_currency).
-- What was kept of an order in another currency counts 0 until its rate is looked up (rates.sql, afterwards).
INSERT INTO orders BY NAME
WITH told AS (
    SELECT * REPLACE (CASE WHEN currency = '' THEN getvariable('shop_currency') ELSE currency END AS currency), coalesce(paid_at, created_at) AS purchased_at,
        status NOT IN ('unpaid', 'deposit_paid', 'closed_unpaid') AND NOT (status = 'cancelled' AND paid_at IS NULL)
            AND (paid > 0 OR refunded > 0 OR paid_at IS NOT NULL) AS is_paid
    FROM winning_touched
)
SELECT order_key, telling, platform, shop, order_id, customer_id, status, created_at, paid_at, purchased_at,
    at_home(purchased_at)::DATE AS day, payable, paid, refunded,
    CASE WHEN is_paid AND paid > refunded AND currency = getvariable('shop_currency') THEN paid - refunded ELSE 0 END AS spend, currency,
    CASE WHEN currency = getvariable('shop_currency') THEN 1 END AS rate,
    is_paid AND paid > refunded AS is_purchase, is_paid, status IN ('closed_unpaid', 'cancelled') AND NOT is_paid AS is_lost,
    items, country, province, city, district, source, import_id
FROM told;
