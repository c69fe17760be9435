-- One row per order where the file has one row per line: of what belongs to the order the first filled cell, of what belongs to the line the sum.
-- `pick`: a line that lives on says the order's status before one that was closed.
CREATE TEMP TABLE collapsed_rows AS
WITH judged AS (
    SELECT *, status_raw IN (SELECT raw FROM status_words WHERE status = 'closed_refunded')
            OR (paid_at IS NOT NULL AND status_raw IN (SELECT raw FROM status_words WHERE status = 'closed'))
            OR refund_status_raw IN (SELECT raw FROM refund_words WHERE status = 'refunded') AS given_back,
        row_no + CASE WHEN status_raw IN (SELECT raw FROM status_words WHERE status LIKE 'closed%' OR status = 'cancelled') THEN 1000000000000 ELSE 0 END AS pick
    FROM typed
)
SELECT *,
    CASE WHEN province IS NOT NULL OR city IS NOT NULL THEN concat_ws(' ', province, city, district) ELSE place_of(receiver_address) END AS place
FROM (
SELECT min(row_no) AS row_no, order_id, shop_name, arg_min(COLUMNS(* EXCLUDE (row_no, order_id, shop_name, item_qty, line_amount, item_title, status_raw, fulfillment_raw, shipping_fee, given_back, pick)), row_no),
       arg_min(status_raw, pick) AS status_raw, arg_min_null(fulfillment_raw, pick) FILTER (status_raw IS NOT NULL) AS fulfillment_raw,
       CASE WHEN getvariable('reading_line_shipping') THEN sum(shipping_fee)::DECIMAL(12, 2) ELSE arg_min(shipping_fee, row_no) END AS shipping_fee,
       sum(item_qty)::INTEGER AS item_qty, sum(line_amount)::DECIMAL(12, 2) AS line_amount,
       left(string_agg(item_title, '，' ORDER BY row_no), 500) AS item_title,
       sum(line_amount)::DECIMAL(12, 2) AS line_sum, sum(coalesce(refund_amount, CASE WHEN given_back THEN line_amount END))::DECIMAL(12, 2) AS line_refunds
FROM judged GROUP BY order_id, shop_name
);
CREATE OR REPLACE TEMP VIEW collapsed AS FROM collapsed_rows WHERE row_no NOT IN (SELECT row_no FROM bad);
