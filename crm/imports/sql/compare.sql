-- How many orders of the file are new, and of how many another telling counts now than before.
SELECT count(*) FILTER (b.order_key IS NULL) AS fresh, count(*) FILTER (b.telling <> a.telling) AS changed
FROM after_file AS a LEFT JOIN before_file AS b USING (order_key);
