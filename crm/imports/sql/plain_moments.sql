-- The cells of the column COLUMN that are no plain moments made such, by what their day and their time of day mean.
-- Reads day_forms, clock_forms; writes staged.
UPDATE staged SET COLUMN = day_forms.plain || CASE WHEN clock_forms.plain = '' THEN '' ELSE ' ' || clock_forms.plain END
FROM day_forms, clock_forms
WHERE COLUMN IS NOT NULL AND NOT plain_moment(COLUMN) AND day_forms.x = day_part(COLUMN) AND clock_forms.x = clock_part(COLUMN);
