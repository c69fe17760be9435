-- Status texts of this file that no list has, with the orders that bear them.
-- Reads file_orders, cells, refund_words, status_words.
SELECT status_raw, count(*) AS n FROM file_orders SEMI JOIN (SELECT raw AS status_raw FROM status_words WHERE status = 'unknown') USING (status_raw)
GROUP BY status_raw
UNION ALL
SELECT raw, count(DISTINCT order_id) FROM cells JOIN refund_words AS words ON raw = refund_status_raw WHERE words.status = 'unknown' GROUP BY raw
ORDER BY n DESC
