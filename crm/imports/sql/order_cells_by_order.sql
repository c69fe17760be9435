-- One row per order where the file has one row per order. Of rows that repeat an id of the same shop the latest counts.
-- Reads typed, rejects; makes order_cells_all, order_cells.
CREATE TEMP TABLE order_cells_all AS
SELECT *, line_amount AS line_sum, NULL::DECIMAL(12, 2) AS line_refunds,
    CASE WHEN province IS NOT NULL OR city IS NOT NULL THEN concat_ws(' ', province, city, district) ELSE place_of(receiver_address) END AS place
FROM typed
QUALIFY row_number() OVER (PARTITION BY order_id, shop_name ORDER BY greatest(created_at, paid_at, shipped_at, completed_at) DESC NULLS LAST, row_no DESC) = 1;
CREATE OR REPLACE TEMP VIEW order_cells AS SELECT *, NULL::TEXT AS part FROM order_cells_all WHERE row_no NOT IN (SELECT row_no FROM rejects);
