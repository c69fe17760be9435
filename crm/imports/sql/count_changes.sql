-- How many orders of the file are new, and of how many another record wins now than before.
-- Reads winners_after, winners_before.
SELECT count(*) FILTER (b.order_key IS NULL) AS fresh, count(*) FILTER (b.record_id <> a.record_id) AS changed
FROM winners_after AS a LEFT JOIN winners_before AS b USING (order_key);
