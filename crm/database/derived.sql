-- Derived tables: rebuilt from the durable ones, never migrated. Dropped and made anew when this file changes.
-- Texts of which hardly two are alike are kept by zstd: written in half the time of what DuckDB would choose, and about as small.

-- One row per order: the record_id of it that counts. `payable`, `paid`, `refunded` are in the order's own `currency`; `spend` is in the shop's:
-- what was kept × `rate`, which is 1 in the shop's own currency and NULL where there is none, and then the order is in no sum of money.
CREATE TABLE orders (
    order_key BIGINT NOT NULL, record_id UBIGINT NOT NULL, platform TEXT NOT NULL, shop TEXT NOT NULL, order_id TEXT NOT NULL USING COMPRESSION zstd,
    customer_id TEXT USING COMPRESSION zstd,
    status TEXT NOT NULL, created_at TIMESTAMP, paid_at TIMESTAMP, purchased_at TIMESTAMP, day DATE,
    payable DECIMAL(12, 2), paid DECIMAL(12, 2) NOT NULL, refunded DECIMAL(12, 2) NOT NULL, spend DECIMAL(12, 2) NOT NULL, currency TEXT NOT NULL,
    rate DECIMAL(18, 10), is_purchase BOOLEAN NOT NULL, is_paid BOOLEAN NOT NULL, is_lost BOOLEAN NOT NULL, items INTEGER,
    country TEXT, province TEXT, city TEXT, district TEXT, source TEXT, import_id TEXT NOT NULL
);

-- One row per order that is told in parts, made of the winning record_id of each part (`made_of`); reads like a record_id of the whole order.
CREATE TABLE part_orders (
    order_key BIGINT NOT NULL, record_id UBIGINT NOT NULL, made_of UBIGINT[] NOT NULL, customer_id TEXT,
    platform TEXT NOT NULL, shop TEXT NOT NULL, order_id TEXT NOT NULL, import_id TEXT NOT NULL, import_seq BIGINT NOT NULL,
    buyer TEXT, nickname TEXT, receiver TEXT, email TEXT, phone TEXT, phone_quality TEXT,
    country TEXT, province TEXT, city TEXT, district TEXT, address TEXT,
    status TEXT NOT NULL, status_rank INTEGER NOT NULL, status_raw TEXT, created_at TIMESTAMP, paid_at TIMESTAMP, completed_at TIMESTAMP,
    payable DECIMAL(12, 2), paid DECIMAL(12, 2), refunded DECIMAL(12, 2), currency TEXT NOT NULL,
    items INTEGER, source TEXT, accepts_marketing BOOLEAN, observed_at TIMESTAMP
);

-- One row per order line, with its order's customer and day. `category_from`: chosen, file or rule. `amount` and `refunded`: as the files tell it;
-- `spend`: its share of what the order brought, NULL where the files do not tell how the order's money is divided.
CREATE TABLE order_lines (
    order_key BIGINT NOT NULL, line_id TEXT NOT NULL USING COMPRESSION zstd, customer_id TEXT USING COMPRESSION zstd, day DATE, is_purchase BOOLEAN NOT NULL,
    product TEXT, sku TEXT, category TEXT, category_from TEXT, quantity INTEGER, amount DECIMAL(12, 2), refunded DECIMAL(12, 2),
    spend DECIMAL(12, 2)
);

-- One row per identified customer: who they are, as their latest order told it.
CREATE TABLE customers (
    customer_id TEXT NOT NULL USING COMPRESSION zstd, platform TEXT NOT NULL, shop TEXT NOT NULL, buyer TEXT NOT NULL USING COMPRESSION zstd, nickname TEXT USING COMPRESSION zstd,
    name TEXT, email TEXT USING COMPRESSION zstd, email_norm TEXT USING COMPRESSION zstd, mailbox TEXT, phone TEXT USING COMPRESSION zstd,
    phone_quality TEXT, phone_until DATE, country TEXT, province TEXT, city TEXT, district TEXT,
    city_tier TEXT, accepts_marketing BOOLEAN, first_seen_at TIMESTAMP
);

-- One row per customer: what their orders say. Moments and days, never ages. Money is the shop's currency; `summed_purchases`: those in `spend`.
-- `calendar_purchases`: those in a year of the calendar of campaign nodes, `node_purchases`: those at one. Of purchases whose files tell what was due
-- and what was paid, in the shop's currency: what was due (`priced`) and how much less was paid (`discounted`).
CREATE TABLE customer_facts (
    customer_id TEXT NOT NULL USING COMPRESSION zstd, placed_orders BIGINT NOT NULL, paid_orders BIGINT NOT NULL, purchases BIGINT NOT NULL, summed_purchases BIGINT NOT NULL,
    spend DECIMAL(18, 2) NOT NULL, items BIGINT NOT NULL, largest_order DECIMAL(12, 2), refunds BIGINT NOT NULL, refunded DECIMAL(18, 2) NOT NULL, lost_payments BIGINT NOT NULL,
    first_purchase_at TIMESTAMP, last_purchase_at TIMESTAMP, first_purchase_day DATE, last_purchase_day DATE, last_placed_day DATE,
    interval_days DOUBLE, source TEXT, favourite_category TEXT,
    nickname TEXT USING COMPRESSION zstd, name TEXT USING COMPRESSION zstd, platform TEXT, shop TEXT, country TEXT, province TEXT, city TEXT, district TEXT, city_tier TEXT,
    mailbox TEXT, email_norm TEXT USING COMPRESSION zstd, phone_quality TEXT, phone_until DATE, accepts_marketing BOOLEAN,
    gender TEXT, birth_lunar BOOLEAN, birth_year INTEGER, birth_month INTEGER, birth_day INTEGER, birth_leap BOOLEAN, born DATE, owner TEXT,
    bad_reviews BIGINT NOT NULL, inquiries BIGINT NOT NULL, disputes BIGINT NOT NULL,
    calendar_purchases BIGINT NOT NULL, node_purchases BIGINT NOT NULL, priced DECIMAL(18, 2) NOT NULL, discounted DECIMAL(18, 2) NOT NULL
);

-- One row per customer and category they bought; without a category what of their purchases belongs to none. The spend adds up to the customer's.
CREATE TABLE customer_categories (
    customer_id TEXT NOT NULL, category TEXT, purchases BIGINT NOT NULL, spend DECIMAL(18, 2) NOT NULL, last_purchase_day DATE NOT NULL
);

-- One row per customer id that lives on as another, because a person said that both are one. Nobody lives on as somebody who does so themselves.
CREATE TABLE merged_customers (customer_id TEXT NOT NULL, merged_into TEXT NOT NULL);

-- One row per account, phone or e-mail that an upload told and customer it names: whom what was told is about.
CREATE TABLE identities (identity_key TEXT NOT NULL, customer_id TEXT NOT NULL);

-- One row per customer of whom a dossier, a review or an inquiry told anything: the later record_id wins per field, blank never erases.
-- Birthdays as told (lunar month and day stay lunar); `born` is the solar day of birth where the year is known.
CREATE TABLE profiles (
    customer_id TEXT NOT NULL, platform TEXT NOT NULL, shop TEXT NOT NULL, buyer TEXT NOT NULL, name TEXT, nickname TEXT, gender TEXT,
    birth_lunar BOOLEAN, birth_year INTEGER, birth_month INTEGER, birth_day INTEGER, birth_leap BOOLEAN, born DATE,
    phone TEXT, phone_quality TEXT, email TEXT, email_norm TEXT, mailbox TEXT, qq TEXT, wechat TEXT, size TEXT, colours TEXT, family TEXT,
    owner TEXT, remarks TEXT, known_day DATE NOT NULL
);

-- One row per customer and tag.
CREATE TABLE customer_tags (customer_id TEXT NOT NULL, tag TEXT NOT NULL);

-- One row per customer and review, inquiry or dispute. `kind`: good_review, fair_review, bad_review, inquiry or dispute.
CREATE TABLE touches (
    customer_id TEXT NOT NULL, kind TEXT NOT NULL, happened_at TIMESTAMP, day DATE NOT NULL, rating TEXT, product TEXT, body TEXT, actor TEXT
);
