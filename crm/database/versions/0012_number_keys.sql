-- Keys of orders are numbers, and texts of which no two are alike are kept in the way that is written fastest.
CREATE TABLE told (
    order_key BIGINT NOT NULL, telling UBIGINT NOT NULL, customer_id TEXT USING COMPRESSION zstd,
    platform TEXT NOT NULL, shop TEXT NOT NULL, order_id TEXT NOT NULL USING COMPRESSION zstd, import_id TEXT NOT NULL, import_seq BIGINT NOT NULL,
    buyer TEXT USING COMPRESSION zstd, nickname TEXT USING COMPRESSION zstd, receiver TEXT, email TEXT, phone TEXT USING COMPRESSION zstd, phone_quality TEXT,
    country TEXT, province TEXT, city TEXT, district TEXT, address TEXT USING COMPRESSION zstd,
    status TEXT NOT NULL, status_rank INTEGER NOT NULL, status_raw TEXT, created_at TIMESTAMP, paid_at TIMESTAMP, completed_at TIMESTAMP,
    payable DECIMAL(12, 2), paid DECIMAL(12, 2), refunded DECIMAL(12, 2), currency TEXT NOT NULL,
    items INTEGER, source TEXT, accepts_marketing BOOLEAN, observed_at TIMESTAMP, part TEXT, shipping DECIMAL(12, 2)
);
INSERT INTO told BY NAME
SELECT * REPLACE ((md5_number(platform || '|' || shop || '|' || order_id) >> 65)::BIGINT AS order_key) FROM order_rows;
CREATE TABLE told_again (order_key BIGINT NOT NULL, telling UBIGINT NOT NULL, import_id TEXT NOT NULL, import_seq BIGINT NOT NULL);
INSERT INTO told_again
SELECT (md5_number(platform || '|' || shop || '|' || order_id) >> 65)::BIGINT, telling, again.import_id, again.import_seq
FROM order_repeats AS again JOIN (SELECT DISTINCT order_key, platform, shop, order_id FROM order_rows) USING (order_key);
DROP TABLE order_rows;
DROP TABLE order_repeats;
ALTER TABLE told RENAME TO order_rows;
ALTER TABLE told_again RENAME TO order_repeats;
CREATE TABLE told_lines (
    platform TEXT NOT NULL, shop TEXT NOT NULL, order_id TEXT NOT NULL USING COMPRESSION zstd, line_id TEXT NOT NULL USING COMPRESSION zstd,
    telling UBIGINT NOT NULL, import_id TEXT NOT NULL, import_seq BIGINT NOT NULL,
    product TEXT, sku TEXT, attributes TEXT, category TEXT, quantity INTEGER, unit_price DECIMAL(12, 2), amount DECIMAL(12, 2),
    refunded DECIMAL(12, 2), status_raw TEXT, status_rank INTEGER NOT NULL
);
INSERT INTO told_lines BY NAME FROM line_rows;
DROP TABLE line_rows;
ALTER TABLE told_lines RENAME TO line_rows;
