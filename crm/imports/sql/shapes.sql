-- The ways in which the cells of `number_cells` (field, x) are written: their shapes (as in macros.sql), of each one cell, and how many
-- there are.
-- Reads number_cells.
SELECT field, shape(x) AS shape, max(x) AS cell, count(*) AS n FROM number_cells WHERE x IS NOT NULL GROUP BY ALL ORDER BY n DESC LIMIT $shapes;
