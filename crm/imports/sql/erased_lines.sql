-- The same for lines: what was written beside the product may be a person's own words.
-- Reads tombstones; writes file_lines_aside.
UPDATE file_lines_aside SET attributes = NULL
WHERE attributes IS NOT NULL AND buried('mark', order_id, $secret) IN (SELECT mark FROM tombstones WHERE kind = 'mark');
