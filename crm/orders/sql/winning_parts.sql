-- Of each line of the chosen orders the source record that wins, as for whole orders (winners.sql).
-- Reads chosen_rows, order_repeats; makes part_records.
CREATE OR REPLACE TEMP VIEW part_records AS
SELECT t.* REPLACE (greatest(t.import_seq, coalesce(again.seq, 0)) AS import_seq)
FROM (FROM chosen_rows WHERE part IS NOT NULL) AS t
     LEFT JOIN (SELECT order_key, record_id, max(import_seq) AS seq FROM order_repeats GROUP BY ALL) AS again USING (order_key, record_id)
QUALIFY row_number() OVER (PARTITION BY t.order_key, part
    ORDER BY observed_at DESC NULLS LAST, status_rank DESC, refunded DESC, greatest(t.import_seq, coalesce(again.seq, 0)) DESC, record_id) = 1;
