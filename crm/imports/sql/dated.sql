-- An order without a date whose id begins with its day (yymmdd-…) was placed on that day.
-- Writes staged.
UPDATE staged SET created_at = strftime(try_strptime(left(order_id, 6), '%y%m%d'), '%Y-%m-%d')
WHERE created_at IS NULL AND regexp_full_match(order_id, '\d{6}-\d{15}');
