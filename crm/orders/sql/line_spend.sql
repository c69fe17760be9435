-- What of each order's spend is each line's (`line_spend`), of the lines in `winning_lines`: in whole cents, to the last one, in any order
-- of the rows. The spend is in the shop's currency; what lines, payment and refunds come to is only compared among itself, in the order's
-- own. A line counts by its amount; what was given back for a line is taken off that line first, all the rest (a discount, shipping, tax,
-- another refund) is spread over what the lines then come to. The cents that are left go to the largest remainders. Nothing can be said
-- (NULL) of lines without an amount, unless they are alone, or the others come to all that was paid: what these do not explain is no
-- line's.
-- Reads winning_lines, orders; makes line_sums, returned, line_parts, line_spend.
CREATE OR REPLACE TEMP MACRO cents(x) AS (greatest(coalesce(x, 0), 0) * 100)::BIGINT;

CREATE OR REPLACE TEMP TABLE line_sums AS
SELECT *, is_vague IS NOT TRUE AND own > 0 AND listed - own <> net AS is_returned
FROM (
    SELECT order_key, lines, own, listed, kept, paid, net, blanks > 0 AND listed < paid AS is_vague
    FROM (
        SELECT order_key, count(*) AS lines, count(*) - count(amount) AS blanks, sum(cents(amount))::HUGEINT AS listed,
            sum(least(cents(refunded), cents(amount)))::HUGEINT AS own
        FROM winning_lines GROUP BY order_key
    ) JOIN (SELECT order_key, cents(spend)::HUGEINT AS kept, cents(paid)::HUGEINT AS paid, cents(paid - refunded)::HUGEINT AS net FROM orders) USING (order_key)
);

-- Few orders had money back for single lines and something else besides: of what was paid each line has its share, less its own refund.
CREATE OR REPLACE TEMP TABLE returned AS
SELECT order_key, sum(greatest(paid * cents(amount) - listed * least(cents(refunded), cents(amount)), 0)) AS whole
FROM winning_lines JOIN line_sums USING (order_key) WHERE is_returned GROUP BY order_key;

CREATE OR REPLACE TEMP TABLE line_parts AS
SELECT order_key, line, record_id, weight, kept, is_vague,  -- numbers of 128 bits take three times as long: only where they are needed
    CASE WHEN greatest(kept, weight, whole) < 3000000000 THEN (kept::BIGINT * weight::BIGINT) // whole::BIGINT ELSE (kept * weight) // whole END::BIGINT AS part,
    CASE WHEN greatest(kept, weight, whole) < 3000000000 THEN (kept::BIGINT * weight::BIGINT) % whole::BIGINT ELSE (kept * weight) % whole END AS rest
FROM (
    SELECT order_key, line, winning_lines.record_id, kept, is_vague,
        CASE WHEN whole > 0 THEN greatest(paid * cents(amount) - listed * least(cents(refunded), cents(amount)), 0)
             WHEN own = 0 OR whole = 0 THEN cents(amount) ELSE cents(amount) - least(cents(refunded), cents(amount)) END::HUGEINT AS weight,
        nullif(CASE WHEN is_vague THEN paid - own WHEN whole > 0 THEN whole WHEN whole = 0 THEN listed ELSE listed - own END, 0) AS whole
    FROM winning_lines JOIN line_sums USING (order_key) LEFT JOIN returned USING (order_key)
    WHERE lines > 1 AND NOT (is_vague AND amount IS NULL)
);

CREATE OR REPLACE TEMP TABLE line_spend AS
WITH short AS (
    SELECT order_key, any_value(kept) - sum(part) AS cents FROM line_parts WHERE NOT is_vague GROUP BY order_key HAVING cents > 0
)
SELECT order_key, line, ((part + (row_number() OVER (PARTITION BY order_key ORDER BY rest DESC, weight DESC, record_id, line) <= cents)::INT) / 100)::DECIMAL(12, 2) AS spend
FROM line_parts JOIN short USING (order_key)
UNION ALL
SELECT order_key, line, (coalesce(part, 0) / 100)::DECIMAL(12, 2) FROM line_parts ANTI JOIN short USING (order_key)
UNION ALL
SELECT order_key, line, (CASE WHEN lines > 1 THEN NULL WHEN amount <= 0 THEN 0 ELSE kept END / 100)::DECIMAL(12, 2)
FROM winning_lines JOIN line_sums USING (order_key) WHERE lines = 1 OR (is_vague AND amount IS NULL);
DROP TABLE line_parts;
