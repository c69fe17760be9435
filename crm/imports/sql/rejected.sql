-- Each rejected row with what stood in the cell, beside those that had no shape: all of them, for the import's list and for mending.
-- Reads rejects, cells, reasons, titles; writes refusals.
INSERT INTO refusals
SELECT rejects.row_no, titles.title, left(rtrim(CASE rejects.field
    WHEN 'order_id' THEN order_id WHEN 'created_at' THEN created_at WHEN 'paid_at' THEN paid_at WHEN 'paid_amount' THEN paid_amount
    WHEN 'total_amount' THEN total_amount WHEN 'goods_amount' THEN goods_amount WHEN 'shipping_fee' THEN shipping_fee WHEN 'cancelled_at' THEN cancelled_at WHEN 'refund_amount' THEN refund_amount WHEN 'unit_price' THEN unit_price WHEN 'line_amount' THEN line_amount
    WHEN 'item_qty' THEN item_qty WHEN 'kept_amount' THEN kept_amount WHEN 'row_kind' THEN row_kind WHEN 'reference_id' THEN reference_id END, chr(8203)), 200) AS value, coalesce(reasons.sentence, rejects.reason), NULL, true, NULL
FROM rejects JOIN cells USING (row_no) LEFT JOIN reasons ON reasons.code = rejects.reason LEFT JOIN titles ON titles.field = rejects.field;
