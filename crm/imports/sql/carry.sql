-- Some exports leave even the order's id blank on the further lines of an order: it is carried down.
-- Reads rejects; writes staged.
UPDATE staged SET order_id = carried.order_id
FROM (SELECT row_no, last_value(order_id IGNORE NULLS) OVER (ORDER BY row_no) AS order_id FROM staged) AS carried
WHERE staged.order_id IS NULL AND carried.row_no = staged.row_no AND staged.row_no NOT IN (SELECT row_no FROM rejects);
