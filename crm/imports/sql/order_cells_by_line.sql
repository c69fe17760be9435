-- One row per order where the file has one row per line and repeats the amounts, or has them on the first: the first filled cell. `pick`: a
-- line that lives on says the order's status before one that was closed. How many items it has, its lines say. Lines in two currencies make
-- an order in neither. What was given back: where an order's rows differ in it the column tells of each line what is its own, and it is
-- added up, but never to more than was paid; else the order's, told on each of its rows.
-- Reads typed, status_words, rejects; makes order_cells_all, order_cells.
CREATE TEMP TABLE order_cells_all AS
WITH judged AS (
    SELECT *, row_no + CASE WHEN status_raw IN (SELECT raw FROM status_words WHERE status LIKE 'closed%' OR status = 'cancelled') THEN 1000000000000 ELSE 0 END AS pick
    FROM typed
)
SELECT * EXCLUDE (least_back, most_back, all_back),
    CASE WHEN least_back = most_back AND NOT (bool_or(least_back < most_back) OVER () AND all_back <= coalesce(paid_amount, total_amount, line_amount)) THEN least_back
         ELSE all_back END AS refund_amount,
    CASE WHEN province IS NOT NULL OR city IS NOT NULL THEN concat_ws(' ', province, city, district) ELSE place_of(receiver_address) END AS place
FROM (
SELECT min(row_no) AS row_no, order_id, shop_name, arg_min(COLUMNS(* EXCLUDE (row_no, order_id, shop_name, item_qty, line_amount, refund_amount, status_raw, fulfillment_raw, currency, pick)), row_no),
       min(refund_amount) AS least_back, max(refund_amount) AS most_back, sum(refund_amount)::DECIMAL(12, 2) AS all_back,
       CASE WHEN min(currency) <> max(currency) THEN concat_ws('+', min(currency), max(currency)) ELSE min(currency) END AS currency,
       arg_min(status_raw, pick) AS status_raw, arg_min_null(fulfillment_raw, pick) FILTER (status_raw IS NOT NULL) AS fulfillment_raw,
       CASE WHEN NOT $has_lines THEN sum(item_qty)::INTEGER END AS item_qty, sum(line_amount)::DECIMAL(12, 2) AS line_amount
FROM judged GROUP BY order_id, shop_name
);
-- Where an order's cells, or its amount alone, stand on its first row only, rows without it are lines that wait for the file that has it.
CREATE OR REPLACE TEMP VIEW order_cells AS
SELECT *, line_amount AS line_sum, NULL::DECIMAL(12, 2) AS line_refunds, NULL::TEXT AS part FROM order_cells_all
WHERE row_no NOT IN (SELECT row_no FROM rejects)
    AND NOT ($carry AND coalesce(status_raw, created_at::TEXT, paid_at::TEXT, paid_amount::TEXT, total_amount::TEXT) IS NULL)
    AND NOT ($heads AND coalesce(paid_amount, total_amount) IS NULL);
