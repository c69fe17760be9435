-- What a file's dates in short numbers (`moment_cells` has x) say of their order: only a day can be larger than 12, points mean that it
-- stands first.
-- Reads moment_cells.
SELECT coalesce(max(one), 0) AS one, coalesce(max(two), 0) AS two, coalesce(bool_or(contains(x, '.')), false) AS points,
    coalesce(bool_or(one <> two), false) AS differ
FROM (SELECT x, regexp_extract(x, '^(\d{1,2})[-/.](\d{1,2})[-/.]\d{2,4}', 1)::INTEGER AS one, regexp_extract(x, '^(\d{1,2})[-/.](\d{1,2})[-/.]\d{2,4}', 2)::INTEGER AS two
      FROM moment_cells WHERE regexp_matches(x, '^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}'));
