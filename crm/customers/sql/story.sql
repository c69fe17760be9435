-- Everything between the shop and one customer, newest first; an event of a message counts once, at its first time, and never a machine's.
-- Reads merged_customers, orders, refund_records, recipients, campaigns, message_states, message_events, skipped, touches.
WITH accounts AS (
    SELECT $who AS customer_id UNION SELECT customer_id FROM merged_customers WHERE merged_into = $who
), hers AS (SELECT * FROM orders WHERE customer_id = $who
), written AS (
    SELECT recipients.*, campaigns.name, coalesce(recipients.sent_at, launched_at, created_at) AS happened_at FROM recipients
    JOIN campaigns USING (campaign_id) WHERE customer_id IN (SELECT customer_id FROM accounts)
), told AS (
    SELECT 'order' AS kind, coalesce(purchased_at, created_at) AS happened_at, order_id AS title, status, CASE WHEN is_paid THEN paid END AS amount,
        refunded, currency, NULL AS body, NULL AS actor, order_key
    FROM hers
    UNION ALL BY NAME
    SELECT DISTINCT 'refund' AS kind, settled_at AS happened_at, hers.order_id AS title, refund_records.status, amount, currency
    FROM refund_records JOIN hers ON hers.order_id = refund_records.order_id AND hers.platform = refund_records.platform
        AND refund_records.shop IN ('', hers.shop)
    WHERE settled_at IS NOT NULL
    UNION ALL BY NAME
    SELECT CASE arm WHEN 'holdout' THEN 'held_out' ELSE 'sent' END AS kind, happened_at, name AS title, state AS status
    FROM written LEFT JOIN (
        SELECT message_id, arg_max(state, seq) AS state FROM message_states
        WHERE message_id IN (SELECT message_id FROM written) GROUP BY message_id) USING (message_id)
    UNION ALL BY NAME
    SELECT event AS kind, min(message_events.happened_at) AS happened_at, any_value(name) AS title
    FROM message_events JOIN written USING (message_id)
    WHERE NOT machine AND event IN ('opened', 'clicked', 'unsubscribed', 'complained', 'bounced') GROUP BY message_id, event
    UNION ALL BY NAME
    SELECT 'left_out' AS kind, coalesce(launched_at, created_at) AS happened_at, name AS title, reason AS status
    FROM skipped JOIN campaigns USING (campaign_id) WHERE customer_id IN (SELECT customer_id FROM accounts)
    UNION ALL BY NAME
    SELECT kind, coalesce(touches.happened_at, day::TIMESTAMP) AS happened_at, product AS title, rating AS status, body, actor FROM touches WHERE customer_id = $who
)
SELECT *, count(*) OVER () AS total FROM told ORDER BY happened_at DESC NULLS LAST, kind, title LIMIT $most
