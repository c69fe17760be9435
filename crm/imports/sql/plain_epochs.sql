-- A column COLUMN that holds nothing but seconds or milliseconds since 1970, as moments.
-- Writes staged.
UPDATE staged SET COLUMN = strftime(make_timestamp(left(COLUMN, 10)::BIGINT * 1000000), '%Y-%m-%d %H:%M:%S') || '+00:00'
WHERE (SELECT bool_and(regexp_full_match(COLUMN, '1\d{9}(\d{3})?(\.0+)?')) FROM staged WHERE COLUMN IS NOT NULL);
