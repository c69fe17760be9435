-- What the rejected rows held, and the number that a spreadsheet gives them. Where a cell does not hold what was refused, the file was
-- split differently: from there on nothing is claimed.
-- Reads original_cells; writes refusals.
UPDATE refusals SET cells = found.cells, shown = found.place FROM original_cells AS found WHERE staged AND refusals."row" = found."row";
UPDATE refusals SET cells = NULL, shown = NULL
WHERE staged AND "row" >= (SELECT min("row") FROM refusals WHERE staged AND cells IS NOT NULL AND value IS NOT NULL
    AND NOT list_bool_or(list_transform(from_json(cells, '["VARCHAR"]'), lambda cell: starts_with(bare(cell), value))));
