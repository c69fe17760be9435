-- The cells of the column FIELD made plain numbers, as `ways` says for their shape, or `singles` for one of them. $1 marks what does not fit.
UPDATE staged SET FIELD = CASE
    WHEN NOT fits THEN FIELD || $1
    WHEN exponent < 0 THEN sign || left(digits_of(FIELD), length(digits_of(FIELD)) + exponent) || '.' || right(digits_of(FIELD), -exponent)
    ELSE sign || digits_of(FIELD) || repeat('0', exponent) END
FROM ways WHERE alike AND ways.shape = shape(FIELD);
UPDATE staged SET FIELD = told FROM singles WHERE x = FIELD;
