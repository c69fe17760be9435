-- Orders without any date are not taken over, nor those without any amount, unless they were never paid or the whole file tells none.
-- Reads order_cells, status_words; writes rejects.
INSERT INTO rejects
SELECT row_no, CASE WHEN coalesce(created_at, paid_at) IS NULL THEN 'created_at' ELSE 'paid_amount' END,
       CASE WHEN coalesce(created_at, paid_at) IS NULL THEN 'no_date' ELSE 'no_amount' END
FROM order_cells
WHERE coalesce(created_at, paid_at) IS NULL
    OR NOT $no_amounts AND coalesce(paid_amount, total_amount, goods_amount, CASE WHEN NOT $own_amounts OR part IS NOT NULL THEN line_sum END) IS NULL
    AND NOT coalesce(part IS NOT NULL AND item_qty = 0, false)  -- a line that was cancelled alone
    AND coalesce(status_raw NOT IN (SELECT raw FROM status_words WHERE status IN ('unpaid', 'cancelled', 'closed_unpaid')), true);
