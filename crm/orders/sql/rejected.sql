-- Each rejected row with what stood in the cell.
SELECT bad.row_no, bad.field, bad.reason, left(CASE bad.field
    WHEN 'order_id' THEN order_id WHEN 'created_at' THEN created_at WHEN 'paid_at' THEN paid_at WHEN 'paid_amount' THEN paid_amount
    WHEN 'total_amount' THEN total_amount WHEN 'refund_amount' THEN refund_amount WHEN 'unit_price' THEN unit_price WHEN 'line_amount' THEN line_amount
    WHEN 'item_qty' THEN item_qty END, 200) AS value
FROM bad JOIN cells USING (row_no) ORDER BY bad.row_no;
