-- One row per order where the file has one row per line: of what belongs to the order the first filled cell, of what belongs to the line the sum.
CREATE TEMP TABLE collapsed_rows AS
SELECT *,
    CASE WHEN province IS NOT NULL OR city IS NOT NULL THEN concat_ws(' ', province, city, district) ELSE place_of(receiver_address) END AS place
FROM (
SELECT min(row_no) AS row_no, order_id, arg_min(COLUMNS(* EXCLUDE (row_no, order_id, item_qty, line_amount, item_title)), row_no),
       sum(item_qty)::INTEGER AS item_qty, sum(line_amount)::DECIMAL(12, 2) AS line_amount,
       left(string_agg(item_title, '，' ORDER BY row_no), 500) AS item_title,
       sum(line_amount)::DECIMAL(12, 2) AS line_sum, sum(refund_amount)::DECIMAL(12, 2) AS line_refunds
FROM typed GROUP BY order_id
);
CREATE OR REPLACE TEMP VIEW collapsed AS FROM collapsed_rows WHERE row_no NOT IN (SELECT row_no FROM bad);
