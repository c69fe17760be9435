-- One row per line where each row has its line's own amount: such an order is told in parts, so that any file may tell some of its lines.
-- Of what belongs to the order every line gets the file's first filled cell. A row that stands for several lines tells the whole order.
-- Reads line_cells, refund_words, status_words, rejects; makes order_cells_all, order_cells.
CREATE TEMP TABLE order_cells_all AS
WITH judged AS (
    SELECT *, status_raw IN (SELECT raw FROM status_words WHERE status = 'closed_refunded')
            OR (paid_at IS NOT NULL AND status_raw IN (SELECT raw FROM status_words WHERE status = 'closed'))
            OR refund_status_raw IN (SELECT raw FROM refund_words WHERE status = 'refunded') AS given_back
    FROM line_cells
), once AS (
    SELECT order_id, shop_name, sum(line_amount) AS line_sum,
        arg_min(COLUMNS(* EXCLUDE (row_no, order_id, shop_name, line_id, line_key, item_title, sku_code, sku_attr, product_id, category, item_qty,
            currency, unit_price, line_amount, refund_amount, refund_status_raw, status_raw, fulfillment_raw, given_back)), row_no),
        arg_min(status_raw, row_no) AS any_status, arg_min(currency, row_no) AS any_currency, arg_min_null(fulfillment_raw, row_no) FILTER (status_raw IS NOT NULL) AS any_fulfillment
    FROM judged GROUP BY order_id, shop_name
)
SELECT judged.row_no, once.* EXCLUDE (any_currency, any_status, any_fulfillment, shipping_fee),
    CASE WHEN NOT contains(line_key, ';') THEN line_key END AS part, coalesce(judged.status_raw, any_status) AS status_raw,
    CASE WHEN judged.status_raw IS NULL THEN any_fulfillment ELSE judged.fulfillment_raw END AS fulfillment_raw, judged.refund_status_raw, judged.refund_amount,
    CASE WHEN $line_shipping THEN judged.shipping_fee ELSE once.shipping_fee END AS shipping_fee,
    coalesce(judged.currency, any_currency) AS currency, judged.item_qty, judged.line_amount, coalesce(judged.refund_amount, CASE WHEN given_back THEN judged.line_amount END) AS line_refunds,
    CASE WHEN once.province IS NOT NULL OR once.city IS NOT NULL THEN concat_ws(' ', once.province, once.city, once.district) ELSE place_of(once.receiver_address) END AS place
FROM judged JOIN once ON once.order_id = judged.order_id AND once.shop_name IS NOT DISTINCT FROM judged.shop_name
QUALIFY row_number() OVER (PARTITION BY judged.order_id, judged.shop_name, line_key ORDER BY judged.row_no DESC) = 1;
CREATE OR REPLACE TEMP VIEW order_cells AS FROM order_cells_all WHERE row_no NOT IN (SELECT row_no FROM rejects);
