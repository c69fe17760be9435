-- What an import is of (orders, people, …), what it came to, how long it took, and what its rejected rows held, so that they can be mended.
ALTER TABLE imports ADD COLUMN kind TEXT DEFAULT 'orders';
ALTER TABLE imports ADD COLUMN amount DECIMAL(18, 2);
ALTER TABLE imports ADD COLUMN currency TEXT;
ALTER TABLE imports ADD COLUMN without_buyer BIGINT;
ALTER TABLE imports ADD COLUMN took_ms BIGINT;
ALTER TABLE imports ADD COLUMN actor TEXT;
ALTER TABLE imports ADD COLUMN header TEXT;
ALTER TABLE import_rejections ADD COLUMN cells TEXT;
