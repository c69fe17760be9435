-- What dossiers, reviews and inquiries tell of each customer.
-- Reads person_records, person_sources, identities, touch_records, touch_sources; makes people_records, touches_records; writes touches,
--   customer_tags, profiles.

CREATE OR REPLACE TEMP TABLE people_records AS
SELECT customer_id, person_records.*, recorded_at, row_number() OVER (ORDER BY import_seq, row_no, person_records.record_id) AS place
FROM person_records JOIN person_sources USING (record_id) JOIN identities USING (identity_key);

CREATE OR REPLACE TEMP TABLE touches_records AS
SELECT customer_id, touch_records.*, recorded_at, timezone($shop_zone, make_timestamptz(epoch_us(coalesce(happened_at, recorded_at))))::DATE AS day, import_seq, row_no
FROM touch_records JOIN (
    SELECT record_id, min(recorded_at) AS recorded_at, min(import_seq) AS import_seq, min(row_no) AS row_no FROM touch_sources GROUP BY record_id) USING (record_id)
JOIN identities USING (identity_key);

INSERT INTO touches BY NAME SELECT customer_id, kind, happened_at, day, rating, product, body FROM touches_records;

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
