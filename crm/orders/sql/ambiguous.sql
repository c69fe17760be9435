-- Whether there are dates whose day and month could be exchanged, and none that shows which is which.
SELECT count(*) > 0 AND max(one) <= 12 AND max(two) <= 12 AND NOT bool_or(contains(x, '.')) AND bool_or(one <> two) AS ambiguous
FROM (SELECT x, regexp_extract(x, '^(\d{1,2})[-/.](\d{1,2})[-/.]\d{2,4}', 1)::INTEGER AS one, regexp_extract(x, '^(\d{1,2})[-/.](\d{1,2})[-/.]\d{2,4}', 2)::INTEGER AS two
      FROM (SELECT coalesce(created_at, paid_at) AS x FROM cells) WHERE regexp_matches(x, '^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}'));
