-- What one unit of another currency was worth in the shop's own (`own`) from a day on, as the shop told it on screen (import_id '') or in a file.
-- Nothing is written over: of several rates of one day the one told last counts, and one without a value takes the earlier ones back.
CREATE TABLE rate_rows (own TEXT NOT NULL, currency TEXT NOT NULL, day DATE NOT NULL, rate DECIMAL(18, 10), import_id TEXT NOT NULL, told BIGINT NOT NULL);

-- The amounts of a file by currency (JSON), and the zone in which its moments were read.
ALTER TABLE imports ADD COLUMN amounts TEXT;
ALTER TABLE imports ADD COLUMN timezone TEXT;
