-- One row per product (by its title, or by its code where `sku` is filled) that somebody put in a category: a person on screen, or an uploaded table (then with
-- its import_id). Append-only; taking a change back drops its rows. Without a category the row says: nothing is said here any more.
CREATE TABLE product_assignments (
    change_id TEXT NOT NULL, seq BIGINT NOT NULL, import_id TEXT, product TEXT, sku TEXT, category TEXT, assigned_at TIMESTAMP NOT NULL, actor TEXT NOT NULL
);

-- One row per title or code: the latest that was said about it. An uploaded table that repeats what the one before it said is no news.
CREATE VIEW product_choices AS
    WITH told AS (
        SELECT *, import_id IS NOT NULL AND lag(seq) OVER before IS NOT NULL AND category IS NOT DISTINCT FROM lag(category) OVER before AS is_repeat
        FROM product_assignments WINDOW before AS (PARTITION BY product, sku, import_id IS NULL ORDER BY seq)
    )
    SELECT product, sku, arg_max(struct_pack(category := category, import_id := import_id), seq).category AS category,
           arg_max(struct_pack(category := category, import_id := import_id), seq).import_id AS import_id, max(seq) AS seq
    FROM told WHERE NOT is_repeat GROUP BY product, sku;
