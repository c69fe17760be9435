-- And for rows of a file that were not taken over: the reason stays, the cells go. Numbers and addresses are looked for inside cells, too.
-- Reads tombstones; makes erased_cells; writes refusals.
CREATE OR REPLACE TEMP TABLE erased_cells AS
SELECT rowid AS id, trim(unnest(coalesce(try_cast(cells AS TEXT[]), [value]) || [value]), ' ''="' || chr(9) || chr(160)) AS cell FROM refusals;
UPDATE refusals SET value = NULL, cells = NULL WHERE rowid IN (
    SELECT id FROM (
        SELECT id, unnest([cell] || regexp_extract_all(cell, '\d{7,}') || regexp_extract_all(lower(cell), '[^\s@,;<>]+@[^\s@,;<>]+')) AS piece
        FROM erased_cells)
    JOIN tombstones ON kind = 'mark' AND mark = buried('mark', piece, $secret));
