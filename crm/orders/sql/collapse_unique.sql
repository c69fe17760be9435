-- One row per order where the file has one row per order and no id twice.
CREATE TEMP TABLE collapsed AS SELECT *, line_amount AS line_sum, NULL::DECIMAL(12, 2) AS line_refunds FROM typed($1, $2);
