-- For each chosen order the source record that wins: the latest moment in the row, then the later status, the larger refund, the later
-- import.
-- Reads chosen_records, order_repeats; makes winners.
CREATE OR REPLACE TEMP VIEW winners AS
SELECT order_key, arg_max(record_id, row(coalesce(observed_at, TIMESTAMP '1970-01-01'), status_rank, refunded, greatest(import_seq, coalesce(again.seq, 0)))) AS record_id
FROM chosen_records
     LEFT JOIN (SELECT order_key, record_id, max(import_seq) AS seq FROM order_repeats GROUP BY ALL) AS again USING (order_key, record_id)
GROUP BY order_key;
