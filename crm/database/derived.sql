-- Derived tables: rebuilt from the durable ones, never migrated. Dropped and made anew when this file changes.

-- One row per order: the latest telling of it.
CREATE TABLE orders (
    order_key TEXT NOT NULL, platform TEXT NOT NULL, shop TEXT NOT NULL, order_id TEXT NOT NULL, customer_id TEXT,
    status TEXT NOT NULL, created_at TIMESTAMP, paid_at TIMESTAMP, purchased_at TIMESTAMP, day DATE,
    payable DECIMAL(12, 2), paid DECIMAL(12, 2) NOT NULL, refunded DECIMAL(12, 2) NOT NULL, spend DECIMAL(12, 2) NOT NULL, currency TEXT NOT NULL,
    is_purchase BOOLEAN NOT NULL, is_paid BOOLEAN NOT NULL, is_lost BOOLEAN NOT NULL, items INTEGER,
    country TEXT, province TEXT, city TEXT, district TEXT, source TEXT, import_id TEXT NOT NULL
);

-- One row per order: which telling of it counts.
CREATE TABLE order_winners (order_key TEXT NOT NULL, telling UBIGINT NOT NULL);

-- One row per order line, with its order's customer and day. `category_from`: chosen, file or rule.
CREATE TABLE order_lines (
    order_key TEXT NOT NULL, line_id TEXT NOT NULL, customer_id TEXT, day DATE, is_purchase BOOLEAN NOT NULL,
    product TEXT, sku TEXT, category TEXT, category_from TEXT, quantity INTEGER, amount DECIMAL(12, 2), refunded DECIMAL(12, 2)
);

-- One row per identified customer: who they are, as their latest order told it.
CREATE TABLE customers (
    customer_id TEXT NOT NULL, platform TEXT NOT NULL, shop TEXT NOT NULL, buyer TEXT NOT NULL, nickname TEXT, name TEXT,
    email TEXT, email_norm TEXT, mailbox TEXT, phone TEXT, phone_quality TEXT, country TEXT, province TEXT, city TEXT, district TEXT,
    city_tier TEXT, accepts_marketing BOOLEAN, first_seen_at TIMESTAMP
);

-- One row per customer: what their orders say. Moments and days, never ages.
CREATE TABLE customer_facts (
    customer_id TEXT NOT NULL, placed_orders BIGINT NOT NULL, paid_orders BIGINT NOT NULL, purchases BIGINT NOT NULL, spend DECIMAL(18, 2) NOT NULL,
    items BIGINT NOT NULL, largest_order DECIMAL(12, 2), refunds BIGINT NOT NULL, refunded DECIMAL(18, 2) NOT NULL, lost_payments BIGINT NOT NULL,
    first_purchase_at TIMESTAMP, last_purchase_at TIMESTAMP, first_purchase_day DATE, last_purchase_day DATE, last_placed_day DATE,
    interval_days DOUBLE, source TEXT, favourite_category TEXT,
    nickname TEXT, name TEXT, platform TEXT, shop TEXT, country TEXT, province TEXT, city TEXT, district TEXT, city_tier TEXT,
    mailbox TEXT, email_norm TEXT, phone_quality TEXT, accepts_marketing BOOLEAN
);

-- One row per customer and category they bought.
CREATE TABLE customer_categories (
    customer_id TEXT NOT NULL, category TEXT NOT NULL, purchases BIGINT NOT NULL, spend DECIMAL(18, 2) NOT NULL, last_purchase_day DATE NOT NULL
);

-- One row per customer id that lives on as another, because a person said that both are one. Nobody lives on as somebody who does so themselves.
CREATE TABLE merged_customers (customer_id TEXT NOT NULL, merged_into TEXT NOT NULL);
