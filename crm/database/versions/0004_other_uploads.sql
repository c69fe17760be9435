-- One row per thing a dossier said of a person, each content once. Append-only. `told_key` is by which account, phone or e-mail it is known.
CREATE TABLE person_rows (
    telling UBIGINT NOT NULL, told_key TEXT NOT NULL, platform TEXT NOT NULL, shop TEXT NOT NULL, account TEXT,
    phone TEXT, phone_quality TEXT, email TEXT, email_norm TEXT, name TEXT, nickname TEXT, gender TEXT,
    birth_lunar BOOLEAN, birth_year INTEGER, birth_month INTEGER, birth_day INTEGER, birth_leap BOOLEAN,
    qq TEXT, wechat TEXT, size TEXT, colours TEXT, family TEXT, tags TEXT, owner TEXT, remarks TEXT
);

-- One row per review, inquiry or dispute, each content once. Append-only.
CREATE TABLE touch_rows (
    telling UBIGINT NOT NULL, told_key TEXT NOT NULL, platform TEXT NOT NULL, shop TEXT NOT NULL, account TEXT,
    phone TEXT, phone_quality TEXT, email TEXT, email_norm TEXT, nickname TEXT,
    kind TEXT NOT NULL, happened_at TIMESTAMP, rating TEXT, product TEXT, body TEXT
);

-- One row per content and import that told it: undoing an import takes its rows away and leaves what another told as well.
CREATE TABLE person_tellings (telling UBIGINT NOT NULL, import_id TEXT NOT NULL, import_seq BIGINT NOT NULL, row_no BIGINT NOT NULL, told_at TIMESTAMP NOT NULL);
CREATE TABLE touch_tellings (telling UBIGINT NOT NULL, import_id TEXT NOT NULL, import_seq BIGINT NOT NULL, row_no BIGINT NOT NULL, told_at TIMESTAMP NOT NULL);

-- What an import told of consent, so that taking it back takes exactly that back. Where only an account was told, address_norm is its key.
ALTER TABLE consents ADD COLUMN import_id TEXT;
ALTER TABLE suppressions ADD COLUMN import_id TEXT;
