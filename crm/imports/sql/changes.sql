-- Orders of which this file's telling counts instead of an earlier one, the largest differences first. $1 how many.
SELECT new.order_id, old.status AS status_before, new.status AS status_after, old.paid AS paid_before, new.paid AS paid_after,
    old.refunded AS refunded_before, new.refunded AS refunded_after
FROM before_file AS b JOIN after_file AS a ON a.order_key = b.order_key AND a.telling <> b.telling
    JOIN told_before AS old ON old.order_key = b.order_key AND old.telling = b.telling
    JOIN TELLINGS AS new ON new.order_key = a.order_key AND new.telling = a.telling
ORDER BY abs(coalesce(new.paid, 0) - coalesce(new.refunded, 0) - coalesce(old.paid, 0) + coalesce(old.refunded, 0)) DESC, new.order_id LIMIT $1;
