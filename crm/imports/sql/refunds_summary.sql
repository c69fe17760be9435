-- What a refund report tells: refunds that were paid out, of these the ones never told before, and those that are not settled (they count
-- nothing).
-- Reads file_refunds, refund_records.
SELECT count(*) FILTER (status = 'refunded') AS refunds, coalesce(sum(amount) FILTER (status = 'refunded'), 0) AS amount,
    count(*) FILTER (status = 'refunded' AND (platform, order_id, refund_id) NOT IN
        (SELECT (platform, order_id, refund_id) FROM refund_records WHERE status = 'refunded')) AS refunds_new,
    count(*) FILTER (status <> 'refunded') AS refunds_open
FROM file_refunds;
