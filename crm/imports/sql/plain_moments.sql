-- The cells of the column FIELD that are no plain moments made such, by what their day and their time of day mean.
UPDATE staged SET FIELD = told_days.told || CASE WHEN told_clocks.told = '' THEN '' ELSE ' ' || told_clocks.told END
FROM told_days, told_clocks
WHERE FIELD IS NOT NULL AND NOT plain_moment(FIELD) AND told_days.x = day_part(FIELD) AND told_clocks.x = clock_part(FIELD);
