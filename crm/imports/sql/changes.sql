-- Orders of which this file's record wins over an earlier one, the largest differences first.
-- Reads winners_before, winners_after, records_before, whole_records.
SELECT new.order_id, old.status AS status_before, new.status AS status_after, old.paid AS paid_before, new.paid AS paid_after,
    old.refunded AS refunded_before, new.refunded AS refunded_after
FROM winners_before AS b JOIN winners_after AS a ON a.order_key = b.order_key AND a.record_id <> b.record_id
    JOIN records_before AS old ON old.order_key = b.order_key AND old.record_id = b.record_id
    JOIN whole_records AS new ON new.order_key = a.order_key AND new.record_id = a.record_id
ORDER BY abs(coalesce(new.paid, 0) - coalesce(new.refunded, 0) - coalesce(old.paid, 0) + coalesce(old.refunded, 0)) DESC, new.order_id LIMIT $examples;
