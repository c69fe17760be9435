-- Durable tables. Moments are UTC without a zone mark; ids are text; money is decimal(12,2) beside its currency.

-- One row per shop setting. `version`, here and below: every change gives a row another one. Whoever saves says which one they looked at,
-- so that no tab overwrites another unseen.
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL, version BIGINT DEFAULT 1);

-- One row per long work: asked for by a screen, done by the worker, watched by any screen.
CREATE TABLE jobs (
    job_id TEXT PRIMARY KEY, kind TEXT NOT NULL, args TEXT NOT NULL, state TEXT NOT NULL,
    done BIGINT NOT NULL DEFAULT 0, total BIGINT NOT NULL DEFAULT 0, step TEXT NOT NULL DEFAULT '',
    error TEXT, result TEXT, created_at TIMESTAMP NOT NULL, started_at TIMESTAMP, finished_at TIMESTAMP
);

-- One row per thing somebody did. Append-only.
CREATE TABLE audit (happened_at TIMESTAMP NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, detail TEXT NOT NULL);

-- One row per imported file. `kind`: what it is of (orders, people, …); `amounts`: its amounts by currency (JSON);
-- `timezone`: the zone in which its moments were read.
CREATE TABLE imports (
    import_id TEXT PRIMARY KEY, import_seq BIGINT NOT NULL, file TEXT NOT NULL, file_hash TEXT NOT NULL, format TEXT NOT NULL,
    encoding TEXT NOT NULL, platform TEXT NOT NULL, shop TEXT NOT NULL, "rows" BIGINT NOT NULL, orders BIGINT NOT NULL,
    orders_new BIGINT NOT NULL, orders_changed BIGINT NOT NULL, orders_unchanged BIGINT NOT NULL, lines BIGINT NOT NULL,
    customers_new BIGINT NOT NULL, rejected BIGINT NOT NULL, first_day DATE, last_day DATE, mapping TEXT NOT NULL DEFAULT '{}', demo BOOLEAN NOT NULL DEFAULT false,
    imported_at TIMESTAMP NOT NULL, undone_at TIMESTAMP, kind TEXT DEFAULT 'orders', amount DECIMAL(18, 2), currency TEXT,
    without_buyer BIGINT, took_ms BIGINT, actor TEXT, header TEXT, amounts TEXT, timezone TEXT
);

-- One row per row of a file that was not taken over; `cells`: all that it held, so that it can be mended.
CREATE TABLE import_rejections (
    import_id TEXT NOT NULL, "row" BIGINT NOT NULL, "column" TEXT, value TEXT, reason TEXT NOT NULL, cells TEXT
);

-- One row per remembered mapping of an unknown table, by header fingerprint.
CREATE TABLE import_mappings (fingerprint TEXT PRIMARY KEY, mapping TEXT NOT NULL, saved_at TIMESTAMP NOT NULL);

-- One row per order and record_id: the orders as the files told them, each content once. Append-only; the source of everything derived.
-- `order_key`: 63 bits of the MD5 of platform, shop and order id. Orders whose file has an amount on each line are told in parts: `part` is
-- the line's id (NULL: the record_id is of the whole order), `shipping` what is told once per order and counts once. Texts of which hardly
-- two are alike are kept by zstd: written in half the time of what DuckDB would choose, and about as small.
CREATE TABLE order_records (
    order_key BIGINT NOT NULL, record_id UBIGINT NOT NULL, customer_id TEXT USING COMPRESSION zstd,
    platform TEXT NOT NULL, shop TEXT NOT NULL, order_id TEXT NOT NULL USING COMPRESSION zstd, import_id TEXT NOT NULL,
    import_seq BIGINT NOT NULL, buyer TEXT USING COMPRESSION zstd, nickname TEXT USING COMPRESSION zstd, receiver TEXT, email TEXT,
    phone TEXT USING COMPRESSION zstd, phone_quality TEXT, country TEXT, province TEXT, city TEXT, district TEXT,
    address TEXT USING COMPRESSION zstd, status TEXT NOT NULL, status_rank INTEGER NOT NULL, status_raw TEXT, created_at TIMESTAMP, paid_at TIMESTAMP, completed_at TIMESTAMP,
    payable DECIMAL(12, 2), paid DECIMAL(12, 2), refunded DECIMAL(12, 2), currency TEXT NOT NULL,
    items INTEGER, source TEXT, accepts_marketing BOOLEAN, observed_at TIMESTAMP, part TEXT, shipping DECIMAL(12, 2)
);

-- One row per order line and record_id. Append-only. A shop of '' means: that of the order.
CREATE TABLE line_records (
    platform TEXT NOT NULL, shop TEXT NOT NULL, order_id TEXT NOT NULL USING COMPRESSION zstd, line_id TEXT NOT NULL USING COMPRESSION zstd,
    record_id UBIGINT NOT NULL, import_id TEXT NOT NULL, import_seq BIGINT NOT NULL,
    product TEXT, sku TEXT, attributes TEXT, category TEXT, quantity INTEGER, unit_price DECIMAL(12, 2), amount DECIMAL(12, 2),
    refunded DECIMAL(12, 2), status_raw TEXT, status_rank INTEGER NOT NULL
);

-- One row per record_id that a later import told again, so that undoing the first leaves what the later one said. Append-only.
CREATE TABLE order_repeats (order_key BIGINT NOT NULL, record_id UBIGINT NOT NULL, import_id TEXT NOT NULL, import_seq BIGINT NOT NULL);
CREATE TABLE line_repeats (
    platform TEXT NOT NULL, shop TEXT NOT NULL, order_id TEXT NOT NULL, line_id TEXT NOT NULL, record_id UBIGINT NOT NULL,
    import_id TEXT NOT NULL, import_seq BIGINT NOT NULL
);

-- One row per refund and import that told it: refund reports beside the order files. Append-only. A shop of '' means: that of the order.
CREATE TABLE refund_records (
    platform TEXT NOT NULL, shop TEXT NOT NULL, order_id TEXT NOT NULL, refund_id TEXT NOT NULL, status TEXT NOT NULL,
    amount DECIMAL(12, 2) NOT NULL, settled_at TIMESTAMP, import_id TEXT NOT NULL, import_seq BIGINT NOT NULL
);

-- What one unit of another currency was worth in the shop's own (`own`) from a day on, as the shop told it on screen (import_id '') or in a
-- file. Nothing is written over: of several rates of one day the one told last counts, and one without a value takes the earlier ones back.
CREATE TABLE rate_rows (
    own TEXT NOT NULL, currency TEXT NOT NULL, day DATE NOT NULL, rate DECIMAL(18, 10), import_id TEXT NOT NULL, told BIGINT NOT NULL
);

-- One row per product (by its title, or by its code where `sku` is filled) that somebody put in a category: a person on screen, or an
-- uploaded table (then with its import_id). Append-only; taking a change back drops its rows. Without a category the row says: nothing is
-- said here any more.
CREATE TABLE product_assignments (
    change_id TEXT NOT NULL, seq BIGINT NOT NULL, import_id TEXT, product TEXT, sku TEXT, category TEXT, assigned_at TIMESTAMP NOT NULL,
    actor TEXT NOT NULL
);

-- One row per title or code: the latest that was said about it. An uploaded table that repeats what the one before it said is no news.
CREATE VIEW product_choices AS
    WITH told AS (
        SELECT *, import_id IS NOT NULL AND lag(seq) OVER before IS NOT NULL
            AND category IS NOT DISTINCT FROM lag(category) OVER before AS is_repeat
        FROM product_assignments WINDOW before AS (PARTITION BY product, sku, import_id IS NULL ORDER BY seq)
    )
    SELECT product, sku, arg_max(struct_pack(category := category, import_id := import_id), seq).category AS category,
           arg_max(struct_pack(category := category, import_id := import_id), seq).import_id AS import_id, max(seq) AS seq
    FROM told WHERE NOT is_repeat GROUP BY product, sku;

-- One row per thing a dossier said of a person, each content once. Append-only. `identity_key` is by which account, phone or e-mail it is
-- known.
CREATE TABLE person_records (
    record_id UBIGINT NOT NULL, identity_key TEXT NOT NULL, platform TEXT NOT NULL, shop TEXT NOT NULL, account TEXT,
    phone TEXT, phone_quality TEXT, email TEXT, email_norm TEXT, name TEXT, nickname TEXT, gender TEXT,
    birth_lunar BOOLEAN, birth_year INTEGER, birth_month INTEGER, birth_day INTEGER, birth_leap BOOLEAN,
    qq TEXT, wechat TEXT, size TEXT, colours TEXT, family TEXT, tags TEXT, owner TEXT, remarks TEXT
);

-- One row per review, inquiry or dispute, each content once. Append-only.
CREATE TABLE touch_records (
    record_id UBIGINT NOT NULL, identity_key TEXT NOT NULL, platform TEXT NOT NULL, shop TEXT NOT NULL, account TEXT,
    phone TEXT, phone_quality TEXT, email TEXT, email_norm TEXT, nickname TEXT,
    kind TEXT NOT NULL, happened_at TIMESTAMP, rating TEXT, product TEXT, body TEXT
);

-- One row per content and import that told it: undoing an import takes its rows away and leaves what another told as well.
CREATE TABLE person_sources (
    record_id UBIGINT NOT NULL, import_id TEXT NOT NULL, import_seq BIGINT NOT NULL, row_no BIGINT NOT NULL, recorded_at TIMESTAMP NOT NULL
);
CREATE TABLE touch_sources (
    record_id UBIGINT NOT NULL, import_id TEXT NOT NULL, import_seq BIGINT NOT NULL, row_no BIGINT NOT NULL, recorded_at TIMESTAMP NOT NULL
);

-- One row per account and mark (a phone number or an e-mail address, as a digest) of a decision that accounts are one person, or are not.
-- Append-only. state: joined, apart, or undone (the decision of that link_id no longer counts). batch_id: what was decided with one click.
CREATE TABLE customer_links (
    link_id TEXT NOT NULL, batch_id TEXT NOT NULL, state TEXT NOT NULL, customer_id TEXT, evidence TEXT, mark TEXT,
    actor TEXT NOT NULL, happened_at TIMESTAMP NOT NULL
);

-- One row per saved segment.
CREATE TABLE segments (
    segment_id TEXT PRIMARY KEY, name TEXT NOT NULL, definition TEXT NOT NULL, created_at TIMESTAMP NOT NULL, updated_at TIMESTAMP NOT NULL,
    deleted_at TIMESTAMP, version BIGINT DEFAULT 1
);

-- One row per ladder that is being edited on a screen, so that a reload or a closed tab loses nothing. `body` is the screen's own JSON.
CREATE TABLE ladder_drafts (
    draft_id TEXT PRIMARY KEY, body TEXT NOT NULL, is_saved BOOLEAN NOT NULL, updated_at TIMESTAMP NOT NULL, version BIGINT DEFAULT 1
);

-- One row per campaign. `spec` is what the specialist wrote; the rest is what happened.
CREATE TABLE campaigns (
    campaign_id TEXT PRIMARY KEY, name TEXT NOT NULL, spec TEXT NOT NULL, state TEXT NOT NULL, state_reason TEXT, checksum TEXT,
    as_of DATE, demo BOOLEAN NOT NULL DEFAULT false, created_at TIMESTAMP NOT NULL, updated_at TIMESTAMP NOT NULL, launched_at TIMESTAMP,
    finished_at TIMESTAMP, version BIGINT DEFAULT 1
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
    event_key TEXT NOT NULL, message_id TEXT NOT NULL, campaign_id TEXT NOT NULL, event TEXT NOT NULL, happened_at TIMESTAMP NOT NULL,
    url TEXT, machine BOOLEAN NOT NULL DEFAULT false, received_at TIMESTAMP NOT NULL
);

-- One row per address that must not be written to. `import_id`, here and below: the file that told it, so that taking it back takes exactly
-- that back.
CREATE TABLE suppressions (
    channel TEXT NOT NULL, address_norm TEXT NOT NULL, reason TEXT NOT NULL, source TEXT, happened_at TIMESTAMP NOT NULL, import_id TEXT
);

-- One row per consent given or taken back. Append-only; the latest counts, an opt-out is never removed by an import.
-- Where only an account was told, address_norm is its key.
CREATE TABLE consents (
    channel TEXT NOT NULL, address_norm TEXT NOT NULL, granted BOOLEAN NOT NULL, source TEXT NOT NULL, text_version TEXT, operator TEXT,
    happened_at TIMESTAMP NOT NULL, import_id TEXT
);

-- How far this file has seen the journal beside it. One row per change that told it something; the highest number of a journal counts.
CREATE TABLE journal_seen (journal TEXT NOT NULL, number BIGINT NOT NULL);

-- Batches that the journal knows and this file did not, because it is an older copy. `decision`: kept or forgotten, by a person.
CREATE TABLE handed_over (
    attempt_id TEXT NOT NULL, campaign_id TEXT NOT NULL, name TEXT NOT NULL, happened_at TIMESTAMP NOT NULL, accepted BOOLEAN NOT NULL,
    decision TEXT, decided_at TIMESTAMP
);

-- Their people, as keyed hashes: the journal names nobody.
CREATE TABLE handed_over_people (attempt_id TEXT NOT NULL, address TEXT NOT NULL, person TEXT NOT NULL, message TEXT NOT NULL);

-- Opt-outs that the journal knows of addresses that this file does not know (yet), as keyed hashes.
CREATE TABLE refusals_heard (sign TEXT NOT NULL, happened_at TIMESTAMP NOT NULL);
