-- A column FIELD that holds nothing but seconds or milliseconds since 1970, as moments.
UPDATE staged SET FIELD = strftime(make_timestamp(left(FIELD, 10)::BIGINT * 1000000), '%Y-%m-%d %H:%M:%S') || '+00:00'
WHERE (SELECT bool_and(regexp_full_match(FIELD, '1\d{9}(\d{3})?(\.0+)?')) FROM staged WHERE FIELD IS NOT NULL);
