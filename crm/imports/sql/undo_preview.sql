-- What taking an import back would mean.
-- Reads imports, order_records, order_repeats, orders, part_orders.
WITH mine AS (
    SELECT order_key, record_id FROM order_records WHERE import_id = $import_id UNION SELECT order_key, record_id FROM order_repeats WHERE import_id = $import_id
), others AS (
    SELECT order_key, record_id FROM order_records SEMI JOIN mine USING (order_key) WHERE import_id <> $import_id
    UNION SELECT order_key, record_id FROM order_repeats SEMI JOIN mine USING (order_key) WHERE import_id <> $import_id
), touched AS (
    SELECT order_key, order_key IN (SELECT order_key FROM others) AS known FROM mine GROUP BY order_key
), back AS (
    SELECT DISTINCT order_key FROM (
        SELECT order_key, record_id FROM orders UNION ALL
        SELECT order_key, unnest(made_of) FROM part_orders SEMI JOIN orders USING (order_key, record_id)
    ) SEMI JOIN mine USING (order_key, record_id) ANTI JOIN others USING (order_key, record_id) WHERE order_key IN (SELECT order_key FROM others)
)
SELECT count(*) FILTER (NOT known) AS removed, (SELECT count(*) FROM back) AS restored,
    count(*) FILTER (known) - (SELECT count(*) FROM back) AS shared,
    (SELECT count(*) FROM imports WHERE undone_at IS NULL AND import_seq > (SELECT import_seq FROM imports WHERE import_id = $import_id)) AS later
FROM touched;
