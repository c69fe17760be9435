-- What whole columns say. `text_columns` has moment, id and amount as text.
-- Reads text_columns.
WITH cells AS (
    SELECT trim(moment) AS x, nullif(trim(id), '') AS id, amount, regexp_matches(trim(moment), '^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}') AS short FROM text_columns
), parts AS (
    SELECT x, id, amount, short, CASE WHEN short THEN regexp_extract(x, '^(\d{1,2})', 1)::INTEGER END AS one,
        CASE WHEN short THEN regexp_extract(x, '^\d{1,2}[-/.](\d{1,2})', 1)::INTEGER END AS two FROM cells
), ids AS (
    SELECT id, count(*) AS n, count(DISTINCT amount) <= 1 AS same FROM cells WHERE id IS NOT NULL GROUP BY id
)
SELECT count(*) AS total, count(nullif(x, '')) AS filled, count(*) FILTER (short) AS dated, max(one) AS one, max(two) AS two,
    any_value(x) FILTER (one > 12) AS day_first, any_value(x) FILTER (two > 12) AS month_first, any_value(x) FILTER (short) AS example,
    coalesce(bool_or(regexp_matches(x, '^\d{1,2}\.')) FILTER (short), false) AS dots,
    (SELECT count(*) FILTER (n > 1) FROM ids) AS repeated, (SELECT count(*) FROM ids) AS orders, (SELECT avg(same::INTEGER) FILTER (n > 1) FROM ids) AS same
FROM parts;
