-- Day or month first, decided by the whole column: only a day can be larger than 12. $1 what was said of an earlier file with this header.
SELECT coalesce(CASE WHEN max(try_cast(regexp_extract(x, '^(\d{1,2})[-/.](\d{1,2})[-/.]\d{2,4}', 1) AS INTEGER)) > 12 THEN 'dmy'
            WHEN max(try_cast(regexp_extract(x, '^(\d{1,2})[-/.](\d{1,2})[-/.]\d{2,4}', 2) AS INTEGER)) > 12 THEN 'mdy' END,
    $1, CASE WHEN bool_or(regexp_matches(x, '^\d{1,2}\.\d{1,2}\.\d{2,4}')) THEN 'dmy' ELSE 'mdy' END) AS found
FROM (SELECT coalesce(created_at, paid_at) AS x FROM cells);
