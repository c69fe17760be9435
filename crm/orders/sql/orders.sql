-- Orders from their winning tellings (`winning_touched`).
INSERT INTO orders BY NAME
WITH told AS (
    SELECT *, coalesce(paid_at, created_at) AS purchased_at,
        status NOT IN ('unpaid', 'deposit_paid', 'closed_unpaid') AND NOT (status = 'cancelled' AND paid_at IS NULL)
            AND (paid > 0 OR refunded > 0 OR paid_at IS NOT NULL) AS is_paid
    FROM winning_touched
)
SELECT order_key, telling, platform, shop, order_id, customer_id, status, created_at, paid_at, purchased_at,
    at_home(purchased_at)::DATE AS day, payable, paid, refunded,
    CASE WHEN is_paid AND paid > refunded THEN paid - refunded ELSE 0 END AS spend, currency,
    is_paid AND paid > refunded AS is_purchase, is_paid, status IN ('closed_unpaid', 'cancelled') AND NOT is_paid AS is_lost,
    items, country, province, city, district, source, import_id
FROM told;
