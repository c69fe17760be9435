-- Rows that give money back: less than nothing (where lines are told, only with a word, a number of items or a later moment that says so,
-- or when the whole order is), or called refunded beside another row of the same order that is not.
-- Reads money_rows, order_records; makes refund_candidates, refund_originals, refund_names, refund_matches; writes rejects.
CREATE OR REPLACE TEMP TABLE refund_candidates AS
SELECT m.*, coalesce(m.shop_name, $shop) AS shop FROM money_rows AS m
    LEFT JOIN (SELECT order_id, shop_name, bool_or(amount > 0) AS sold, bool_or(amount > 0 AND NOT given_back) AS kept, min(happened_at) FILTER (amount > 0) AS sold_at FROM money_rows GROUP BY order_id, shop_name) AS whole
        ON whole.order_id = m.order_id AND whole.shop_name IS NOT DISTINCT FROM m.shop_name
WHERE (amount < 0 AND (NOT $may_be_lines OR quantity < 0 OR given_back OR (NOT coalesce(sold, false) AND NOT ($said_to_be_lines AND coalesce(quantity, 1) > 0)) OR happened_at > sold_at))
    OR (NOT $may_be_lines AND given_back AND amount > 0 AND coalesce(kept, false));
-- The orders that they may belong to: of this file, and known ones.
CREATE OR REPLACE TEMP TABLE refund_originals AS
SELECT order_id, coalesce(shop_name, $shop) AS shop, min(who) AS who, min(currency) AS currency FROM money_rows WHERE amount > 0 AND row_no NOT IN (SELECT row_no FROM refund_candidates) GROUP BY ALL
UNION SELECT DISTINCT order_id, shop, buyer, nullif(currency, '') FROM order_records WHERE platform = $platform;
-- What each may be called there, the surest first: the order it names, its own id, an id within a remark, an id that only adds letters to it (C536379, 1001-R1).
CREATE OR REPLACE TEMP TABLE refund_names AS
SELECT row_no, shop, who, currency, name, min(how) AS how FROM (
    SELECT row_no, shop, who, currency, reference_id AS name, 0 AS how FROM refund_candidates
    UNION ALL SELECT row_no, shop, who, currency, order_id, 1 FROM refund_candidates
    UNION ALL SELECT row_no, shop, who, currency, word, 2 FROM (SELECT row_no, shop, who, currency, unnest(regexp_split_to_array(concat_ws(' ', reference_id, refund_status_raw, item_title), '[\s,;:()]+')) AS word FROM refund_candidates) WHERE length(word) > 3 AND regexp_matches(word, '\d')
    UNION ALL SELECT row_no, shop, who, currency, regexp_replace(order_id, '^#?[A-Za-z]{1,6}[-_/ ]?(\d)', '\1'), 3 FROM refund_candidates
    UNION ALL SELECT row_no, shop, who, currency, regexp_replace(order_id, '[-_/. ]?[A-Za-z]{1,6}[-_]?\d?$', ''), 3 FROM refund_candidates
) WHERE name IS NOT NULL GROUP BY ALL;
CREATE OR REPLACE TEMP TABLE refund_matches AS
SELECT candidate.*, found.order_id AS original, false AS by_buyer
FROM refund_candidates AS candidate JOIN (
    SELECT row_no, original.order_id FROM refund_names AS names JOIN refund_originals AS original ON original.shop = names.shop AND original.order_id = names.name
    WHERE (how < 3 OR coalesce(names.who = original.who, true))  -- numbers that only look alike are another's
        AND coalesce(names.currency = original.currency, true)  -- euros are not taken off dollars
    QUALIFY row_number() OVER (PARTITION BY row_no ORDER BY how, length(original.order_id) DESC, original.order_id) = 1
) AS found USING (row_no);
-- Else by the same buyer, product and number of items: the first purchase goes with the first cancellation, never with one before it.
INSERT INTO refund_matches
WITH back AS (
    SELECT *, row_number() OVER (PARTITION BY shop, who, product, quantity ORDER BY happened_at, row_no) AS nth FROM refund_candidates
    WHERE row_no NOT IN (SELECT row_no FROM refund_matches) AND who IS NOT NULL AND product IS NOT NULL AND quantity <> 0
), sold AS (
    SELECT order_id AS original, coalesce(shop_name, $shop) AS shop, who, product, quantity, currency, happened_at, row_number() OVER (PARTITION BY shop_name, who, product, quantity ORDER BY happened_at, row_no) AS nth
    FROM money_rows WHERE amount > 0 AND quantity > 0 AND who IS NOT NULL AND product IS NOT NULL AND row_no NOT IN (SELECT row_no FROM refund_candidates)
)
SELECT back.* EXCLUDE (nth), sold.original, false
FROM back JOIN sold ON sold.shop = back.shop AND sold.who = back.who AND sold.product = back.product AND sold.quantity = abs(back.quantity) AND sold.nth = back.nth AND sold.happened_at <= back.happened_at AND coalesce(sold.currency = back.currency, true);
-- Else, where its words say that it gives money back, or rows have no ids by which it could be known: the last order of the same buyer before it that is not smaller, each order for one such refund.
INSERT INTO refund_matches
WITH sold AS (
    SELECT order_id AS original, coalesce(shop_name, $shop) AS shop, min(who) AS who, sum(amount) AS amount, min(currency) AS currency, min(happened_at) AS happened_at
    FROM money_rows WHERE row_no NOT IN (SELECT row_no FROM refund_candidates) AND NOT never GROUP BY order_id, shop_name
), near AS (
    SELECT back.*, sold.original FROM refund_candidates AS back JOIN sold ON sold.shop = back.shop AND sold.who = back.who AND sold.amount >= -back.amount AND sold.happened_at <= back.happened_at AND coalesce(sold.currency = back.currency, true)
    WHERE back.amount < 0 AND (back.given_back OR NOT $has_ids) AND back.reference_id IS NULL AND back.row_no NOT IN (SELECT row_no FROM refund_matches) AND sold.original NOT IN (SELECT original FROM refund_matches)
    QUALIFY row_number() OVER (PARTITION BY back.row_no ORDER BY sold.happened_at DESC, sold.original DESC) = 1
)
SELECT *, true FROM near QUALIFY row_number() OVER (PARTITION BY shop, original ORDER BY happened_at, row_no) = 1;
INSERT INTO rejects SELECT row_no, 'paid_amount', 'no_original' FROM refund_candidates WHERE amount < 0 AND row_no NOT IN (SELECT row_no FROM refund_matches);
