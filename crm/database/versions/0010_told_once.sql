-- Product titles come with the order lines; of the order they were kept twice and never read. The winning telling stands in `orders`.
ALTER TABLE order_rows DROP COLUMN titles;
DROP TABLE IF EXISTS order_winners;
