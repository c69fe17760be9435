-- Orders told line by line, each made of its lines' records (`part_records`: one row per order and line): of what belongs to the order the
-- first filled cell, of what belongs to the line the sum. The slowest of the lines that live on says how far the order is; when none does,
-- that one for which money flowed. What is told once per order (shipping, and the total where no line has an amount) is not added up. Lines
-- in two currencies make an order in neither: it counts in no sum.
-- Reads part_records; makes combined_orders.
CREATE OR REPLACE TEMP VIEW combined_orders AS
WITH summed AS (
    SELECT order_key, bit_xor(record_id) AS record_id, list_sort(list(record_id)) AS made_of, max(import_seq) AS import_seq, arg_max(import_id, import_seq) AS import_id,
        CASE WHEN min(nullif(currency, '')) <> max(nullif(currency, '')) THEN concat_ws('+', min(nullif(currency, '')), max(currency)) ELSE max(currency) END AS currency,
        arg_min(COLUMNS(* EXCLUDE (order_key, record_id, import_id, import_seq, part, currency, status, status_rank, status_raw, paid, refunded, items, shipping, observed_at,
            province, city, district, phone, phone_quality)), part),
        unnest(arg_min({'province': province, 'city': city, 'district': district}, part) FILTER (province IS NOT NULL)),
        unnest(arg_min({'phone': phone, 'phone_quality': phone_quality}, part) FILTER (phone IS NOT NULL)),
        unnest(arg_min({'status': status, 'status_rank': status_rank, 'status_raw': status_raw}, row(status_rank >= 8, CASE WHEN status_rank >= 8 THEN -status_rank ELSE status_rank END, part))),
        sum(paid) + coalesce(max(shipping) FILTER (NOT never_paid(status, paid_at)), 0) AS amount, sum(refunded) AS given_back, try_cast(sum(items) AS INTEGER) AS items,
        max(observed_at) AS observed_at
    FROM part_records GROUP BY order_key
), priced AS (
    SELECT *, coalesce(amount, CASE WHEN NOT never_paid(status, paid_at) THEN payable END, 0) AS gross
    FROM summed
)
SELECT * EXCLUDE (amount, gross, given_back) REPLACE (CASE WHEN gross < 0 THEN 'closed_refunded' ELSE status END AS status),
    (CASE WHEN given_back > 0 AND payable - gross = given_back THEN payable ELSE greatest(gross, 0) END)::DECIMAL(12, 2) AS paid,
    (CASE WHEN gross < 0 THEN given_back - gross WHEN status = 'closed_refunded' THEN greatest(given_back, gross) ELSE given_back END)::DECIMAL(12, 2) AS refunded
FROM priced;
