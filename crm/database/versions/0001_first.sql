-- Durable tables. Moments are UTC without a zone mark; ids are text; money is decimal(12,2) beside its currency.

-- One row per shop setting.
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL);

-- One row per long work: asked for by a screen, done by the worker, watched by any screen.
CREATE TABLE jobs (
    job_id TEXT PRIMARY KEY, kind TEXT NOT NULL, args TEXT NOT NULL, state TEXT NOT NULL,
    done BIGINT NOT NULL DEFAULT 0, total BIGINT NOT NULL DEFAULT 0, step TEXT NOT NULL DEFAULT '',
    error TEXT, result TEXT, created_at TIMESTAMP NOT NULL, started_at TIMESTAMP, finished_at TIMESTAMP
);

-- One row per thing somebody did. Append-only.
CREATE TABLE audit (happened_at TIMESTAMP NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, detail TEXT NOT NULL);

-- One row per imported file.
CREATE TABLE imports (
    import_id TEXT PRIMARY KEY, import_seq BIGINT NOT NULL, file TEXT NOT NULL, file_hash TEXT NOT NULL, format TEXT NOT NULL, encoding TEXT NOT NULL,
    platform TEXT NOT NULL, shop TEXT NOT NULL, "rows" BIGINT NOT NULL, orders BIGINT NOT NULL, orders_new BIGINT NOT NULL,
    orders_changed BIGINT NOT NULL, orders_unchanged BIGINT NOT NULL, lines BIGINT NOT NULL, customers_new BIGINT NOT NULL,
    rejected BIGINT NOT NULL, first_day DATE, last_day DATE, mapping TEXT NOT NULL DEFAULT '{}', demo BOOLEAN NOT NULL DEFAULT false,
    imported_at TIMESTAMP NOT NULL, undone_at TIMESTAMP
);

-- One row per row of a file that was not taken over.
CREATE TABLE import_rejections (import_id TEXT NOT NULL, "row" BIGINT NOT NULL, "column" TEXT, value TEXT, reason TEXT NOT NULL);

-- One row per remembered mapping of an unknown table, by header fingerprint.
CREATE TABLE import_mappings (fingerprint TEXT PRIMARY KEY, mapping TEXT NOT NULL, saved_at TIMESTAMP NOT NULL);

-- One row per order and telling: the orders as the files told them, each content once. Append-only; the source of everything derived.
CREATE TABLE order_rows (
    order_key TEXT NOT NULL, telling UBIGINT NOT NULL, customer_id TEXT,
    platform TEXT NOT NULL, shop TEXT NOT NULL, order_id TEXT NOT NULL, import_id TEXT NOT NULL, import_seq BIGINT NOT NULL,
    buyer TEXT, nickname TEXT, receiver TEXT, email TEXT, phone TEXT, phone_quality TEXT,
    country TEXT, province TEXT, city TEXT, district TEXT, address TEXT,
    status TEXT NOT NULL, status_rank INTEGER NOT NULL, status_raw TEXT, created_at TIMESTAMP, paid_at TIMESTAMP, completed_at TIMESTAMP,
    payable DECIMAL(12, 2), paid DECIMAL(12, 2), refunded DECIMAL(12, 2), currency TEXT NOT NULL,
    items INTEGER, titles TEXT, source TEXT, accepts_marketing BOOLEAN, observed_at TIMESTAMP
);

-- One row per order line and telling. Append-only. A shop of '' means: that of the order.
CREATE TABLE line_rows (
    platform TEXT NOT NULL, shop TEXT NOT NULL, order_id TEXT NOT NULL, line_id TEXT NOT NULL, telling UBIGINT NOT NULL,
    import_id TEXT NOT NULL, import_seq BIGINT NOT NULL,
    product TEXT, sku TEXT, attributes TEXT, category TEXT, quantity INTEGER, unit_price DECIMAL(12, 2), amount DECIMAL(12, 2),
    refunded DECIMAL(12, 2), status_raw TEXT, status_rank INTEGER NOT NULL
);

-- One row per telling that a later import told again, so that undoing the first leaves what the later one said. Append-only.
CREATE TABLE order_repeats (order_key TEXT NOT NULL, telling UBIGINT NOT NULL, import_id TEXT NOT NULL, import_seq BIGINT NOT NULL);
CREATE TABLE line_repeats (
    platform TEXT NOT NULL, shop TEXT NOT NULL, order_id TEXT NOT NULL, line_id TEXT NOT NULL, telling UBIGINT NOT NULL,
    import_id TEXT NOT NULL, import_seq BIGINT NOT NULL
);

-- One row per saved segment.
CREATE TABLE segments (
    segment_id TEXT PRIMARY KEY, name TEXT NOT NULL, definition TEXT NOT NULL, created_at TIMESTAMP NOT NULL, updated_at TIMESTAMP NOT NULL,
    deleted_at TIMESTAMP
);

-- One row per campaign. `spec` is what the specialist wrote; the rest is what happened.
CREATE TABLE campaigns (
    campaign_id TEXT PRIMARY KEY, name TEXT NOT NULL, spec TEXT NOT NULL, state TEXT NOT NULL, state_reason TEXT, checksum TEXT,
    as_of DATE, demo BOOLEAN NOT NULL DEFAULT false, created_at TIMESTAMP NOT NULL, updated_at TIMESTAMP NOT NULL, launched_at TIMESTAMP, finished_at TIMESTAMP
);

-- One row per person of a frozen audience, in one of its two arms.
CREATE TABLE recipients (
    campaign_id TEXT NOT NULL, customer_id TEXT NOT NULL, arm TEXT NOT NULL, address TEXT, address_norm TEXT, message_id TEXT,
    tokens TEXT, sent_at TIMESTAMP, UNIQUE (campaign_id, customer_id), UNIQUE (campaign_id, address_norm)
);

-- One row per person of the segment who was left out at launch, and why.
CREATE TABLE skipped (campaign_id TEXT NOT NULL, customer_id TEXT NOT NULL, reason TEXT NOT NULL);

-- One row per state a message went through. Append-only; the view `messages` shows the latest.
CREATE SEQUENCE message_seq;
CREATE TABLE message_states (
    message_id TEXT NOT NULL, campaign_id TEXT NOT NULL, state TEXT NOT NULL, happened_at TIMESTAMP NOT NULL, attempt_id TEXT, detail TEXT,
    seq BIGINT NOT NULL DEFAULT nextval('message_seq')
);
CREATE VIEW messages AS
    SELECT message_id, any_value(campaign_id) AS campaign_id, arg_max(state, seq) AS state, arg_max(happened_at, seq) AS happened_at,
           arg_max(attempt_id, seq) AS attempt_id, arg_max(detail, seq) AS detail
    FROM message_states GROUP BY message_id;

-- One row per delivery event, each told once however often it was delivered. Append-only.
CREATE TABLE message_events (
    event_key TEXT NOT NULL, message_id TEXT NOT NULL, campaign_id TEXT NOT NULL, event TEXT NOT NULL, happened_at TIMESTAMP NOT NULL, url TEXT,
    machine BOOLEAN NOT NULL DEFAULT false, received_at TIMESTAMP NOT NULL
);

-- One row per address that must not be written to.
CREATE TABLE suppressions (channel TEXT NOT NULL, address_norm TEXT NOT NULL, reason TEXT NOT NULL, source TEXT, happened_at TIMESTAMP NOT NULL);

-- One row per consent given or taken back. Append-only; the latest counts, an opt-out is never removed by an import.
CREATE TABLE consents (
    channel TEXT NOT NULL, address_norm TEXT NOT NULL, granted BOOLEAN NOT NULL, source TEXT NOT NULL, text_version TEXT, operator TEXT, happened_at TIMESTAMP NOT NULL
);
