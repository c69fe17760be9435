-- The cells of the column COLUMN made plain numbers, as `ways` says for their shape, or `singles` for one of them.
-- Reads ways, singles; writes staged.
UPDATE staged SET COLUMN = CASE
    WHEN NOT fits THEN COLUMN || $misfit
    WHEN exponent < 0 THEN sign || left(digits_of(COLUMN), length(digits_of(COLUMN)) + exponent) || '.' || right(digits_of(COLUMN), -exponent)
    ELSE sign || digits_of(COLUMN) || repeat('0', exponent) END
FROM ways WHERE alike AND ways.shape = shape(COLUMN);
UPDATE staged SET COLUMN = plain FROM singles WHERE x = COLUMN;
