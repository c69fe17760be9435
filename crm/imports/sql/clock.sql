-- Where the time of day has a column of its own it belongs to the date beside it.
-- Writes staged.
UPDATE staged SET created_at = created_at || ' ' || clock WHERE clock IS NOT NULL AND created_at IS NOT NULL AND NOT contains(created_at, ':');
