-- What dossiers, reviews and inquiries tell of each customer.
-- Only of one customer where $whose names one, else of all.
-- Reads person_records, person_sources, identities, touch_records, touch_sources; makes told_records, cleared_fields, people_records, touches_records;
--   writes touches, customer_tags, profiles.

CREATE OR REPLACE TEMP TABLE told_records AS
SELECT customer_id, person_records.*, recorded_at, row_number() OVER (ORDER BY import_seq, actor IS NOT NULL, row_no, person_records.record_id) AS place
FROM person_records JOIN person_sources USING (record_id) JOIN identities USING (identity_key) WHERE $whose IS NULL OR customer_id = $whose;

-- What somebody said is not known takes back what was told of it before, but not what the same record tells of it.
CREATE OR REPLACE TEMP TABLE cleared_fields AS
SELECT customer_id,
    max(place) FILTER (contains(cleared, '|name|')) AS name,
    max(place) FILTER (contains(cleared, '|nickname|')) AS nickname,
    max(place) FILTER (contains(cleared, '|gender|')) AS gender,
    max(place) FILTER (contains(cleared, '|qq|')) AS qq,
    max(place) FILTER (contains(cleared, '|wechat|')) AS wechat,
    max(place) FILTER (contains(cleared, '|size|')) AS size,
    max(place) FILTER (contains(cleared, '|colours|')) AS colours,
    max(place) FILTER (contains(cleared, '|family|')) AS family,
    max(place) FILTER (contains(cleared, '|tags|')) AS tags,
    max(place) FILTER (contains(cleared, '|owner|')) AS owner,
    max(place) FILTER (contains(cleared, '|remarks|')) AS remarks,
    max(place) FILTER (contains(cleared, '|birthday|')) AS birthday,
    max(place) FILTER (contains(cleared, '|phone|')) AS phone,
    max(place) FILTER (contains(cleared, '|email|')) AS email
FROM told_records WHERE cleared IS NOT NULL GROUP BY customer_id;
CREATE OR REPLACE TEMP TABLE people_records AS
SELECT told.* REPLACE (
    CASE WHEN told.place >= coalesce(gone.name, 0) THEN told.name END AS name,
    CASE WHEN told.place >= coalesce(gone.nickname, 0) THEN told.nickname END AS nickname,
    CASE WHEN told.place >= coalesce(gone.gender, 0) THEN told.gender END AS gender,
    CASE WHEN told.place >= coalesce(gone.qq, 0) THEN told.qq END AS qq,
    CASE WHEN told.place >= coalesce(gone.wechat, 0) THEN told.wechat END AS wechat,
    CASE WHEN told.place >= coalesce(gone.size, 0) THEN told.size END AS size,
    CASE WHEN told.place >= coalesce(gone.colours, 0) THEN told.colours END AS colours,
    CASE WHEN told.place >= coalesce(gone.family, 0) THEN told.family END AS family,
    CASE WHEN told.place >= coalesce(gone.tags, 0) THEN told.tags END AS tags,
    CASE WHEN told.place >= coalesce(gone.owner, 0) THEN told.owner END AS owner,
    CASE WHEN told.place >= coalesce(gone.remarks, 0) THEN told.remarks END AS remarks,
    CASE WHEN told.place >= coalesce(gone.birthday, 0) THEN told.birth_lunar END AS birth_lunar,
    CASE WHEN told.place >= coalesce(gone.birthday, 0) THEN told.birth_year END AS birth_year,
    CASE WHEN told.place >= coalesce(gone.birthday, 0) THEN told.birth_month END AS birth_month,
    CASE WHEN told.place >= coalesce(gone.birthday, 0) THEN told.birth_day END AS birth_day,
    CASE WHEN told.place >= coalesce(gone.birthday, 0) THEN told.birth_leap END AS birth_leap,
    CASE WHEN told.place >= coalesce(gone.phone, 0) THEN told.phone END AS phone,
    CASE WHEN told.place >= coalesce(gone.phone, 0) THEN told.phone_quality END AS phone_quality,
    CASE WHEN told.place >= coalesce(gone.email, 0) THEN told.email END AS email,
    CASE WHEN told.place >= coalesce(gone.email, 0) THEN told.email_norm END AS email_norm)
FROM told_records AS told LEFT JOIN cleared_fields AS gone USING (customer_id);

CREATE OR REPLACE TEMP TABLE touches_records AS
SELECT customer_id, touch_records.*, recorded_at, timezone($shop_zone, make_timestamptz(epoch_us(coalesce(happened_at, recorded_at))))::DATE AS day, import_seq, row_no, actor
FROM touch_records JOIN (
    SELECT record_id, min(recorded_at) AS recorded_at, min(import_seq) AS import_seq, min(row_no) AS row_no, any_value(actor) AS actor FROM touch_sources GROUP BY record_id) USING (record_id)
JOIN identities USING (identity_key) WHERE $whose IS NULL OR customer_id = $whose;

INSERT INTO touches BY NAME SELECT customer_id, kind, happened_at, day, rating, product, body, actor FROM touches_records;

INSERT INTO customer_tags
SELECT DISTINCT customer_id, tag FROM (SELECT customer_id, unnest(string_split(tags, '|')) AS tag FROM people_records WHERE tags IS NOT NULL);

-- The latest of each field that is filled in at all.
INSERT INTO profiles BY NAME
WITH given AS (
    SELECT customer_id, platform, shop, account, phone, phone_quality, email, email_norm, name, nickname, gender, birth_lunar, birth_year, birth_month,
        birth_day, birth_leap, qq, wechat, size, colours, family, owner, remarks, identity_key,
        timezone($shop_zone, make_timestamptz(epoch_us(recorded_at)))::DATE AS known_day, place
    FROM people_records
    UNION ALL BY NAME
    SELECT customer_id, platform, shop, account, phone, phone_quality, email, email_norm,
        CASE WHEN NOT contains(nickname, '*') THEN nickname END AS nickname, identity_key, day AS known_day,
        -1e12 + epoch(coalesce(happened_at, recorded_at)) + (record_id % 1000) / 1000 AS place
    FROM touches_records
), latest AS (
    SELECT customer_id, arg_max(nullif(platform, ''), place) AS platform, arg_max(nullif(shop, ''), place) AS shop,
        coalesce(arg_max(account, place), regexp_replace(arg_max(identity_key, place), '^(phone|email):', '')) AS buyer,
        arg_max(name, place) AS name, arg_max(nickname, place) AS nickname, arg_max(gender, place) AS gender,
        arg_max({'lunar': birth_lunar, 'month': birth_month, 'day': birth_day, 'leap': birth_leap}, place) FILTER (birth_month IS NOT NULL) AS birth,
        arg_max(birth_year, place) AS birth_year,
        arg_max({'phone': phone, 'quality': phone_quality}, (phone_quality = 'clear', place)) FILTER (phone IS NOT NULL) AS dialled,
        arg_max({'email': email, 'norm': email_norm}, place) FILTER (email_norm IS NOT NULL) AS mail,
        arg_max(qq, place) AS qq, arg_max(wechat, place) AS wechat, arg_max(size, place) AS size, arg_max(colours, place) AS colours,
        arg_max(family, place) AS family, arg_max(owner, place) AS owner, arg_max(remarks, place) AS remarks, min(known_day) AS known_day
    FROM given GROUP BY customer_id
)
SELECT customer_id, coalesce(platform, 'other') AS platform, coalesce(shop, 'default') AS shop, buyer, name, nickname, gender,
    birth.lunar AS birth_lunar, birth_year, birth.month AS birth_month, birth.day AS birth_day, birth.leap AS birth_leap,
    CASE WHEN NOT birth.lunar THEN try_cast(printf('%04d-%02d-%02d', birth_year, birth.month, birth.day) AS DATE) END AS born,
    dialled.phone AS phone, dialled.quality AS phone_quality, mail.email AS email, mail.norm AS email_norm, split_part(mail.norm, '@', 2) AS mailbox,
    qq, wechat, size, colours, family, owner, remarks, known_day
FROM latest;
