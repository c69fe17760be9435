-- Orders whose file has an amount on each line are told in parts: `part` is the line's id (NULL: the telling is of the whole order),
-- `shipping` what is told once per order and counts once.
ALTER TABLE order_rows ADD COLUMN part TEXT;
ALTER TABLE order_rows ADD COLUMN shipping DECIMAL(12, 2);
