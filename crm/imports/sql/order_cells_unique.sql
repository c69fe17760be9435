-- One row per order where the file has one row per order and no id twice.
-- Reads typed; makes order_cells.
CREATE OR REPLACE TEMP VIEW order_cells AS
SELECT *, line_amount AS line_sum, NULL::DECIMAL(12, 2) AS line_refunds, NULL::TEXT AS part,
    CASE WHEN province IS NOT NULL OR city IS NOT NULL THEN concat_ws(' ', province, city, district) ELSE place_of(receiver_address) END AS place
FROM typed;
