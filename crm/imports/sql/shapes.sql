-- The ways in which cells are written (CELLS has field and x): their shapes (as in macros.sql, which is not always there), of each one cell and
-- how many there are. SHAPES: how many shapes.
SELECT field, translate(x, '012345678', '999999999') || CASE WHEN regexp_matches(x, '^[^0-9]*0') THEN '0' ELSE '' END AS shape,
    max(x) AS cell, count(*) AS n
FROM (CELLS) WHERE x IS NOT NULL GROUP BY ALL ORDER BY n DESC LIMIT SHAPES
