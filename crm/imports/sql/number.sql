-- Orders without an id get one from buyer, moment, amount and occurrence, so that a second import of the same rows finds the same orders.
-- Reads cells; writes staged.
UPDATE staged SET order_id = made.order_id
FROM (
    SELECT row_no, 'n' || short_key(concat_ws('|', who, seen_at, amount, row_number() OVER (PARTITION BY who, seen_at, amount ORDER BY row_no))) AS order_id
    FROM (
        SELECT row_no, coalesce(unfloat(buyer_id), address_norm(buyer_email), buyer_phone, '') AS who,
               moment(coalesce(paid_at, created_at), $zone, $offset, $days_1904) AS seen_at,
               coalesce(money(paid_amount), money(total_amount), money(line_amount), money(unit_price)::DECIMAL(26, 2) * whole(item_qty)) AS amount
        FROM cells)
    ) AS made
WHERE made.row_no = staged.row_no;
