-- What dossiers, reviews and inquiries tell of each customer.
-- Reads person_rows, person_tellings, told_customers, touch_rows, touch_tellings; makes told_people, told_touches; writes touches,
--   customer_tags, profiles.

CREATE OR REPLACE TEMP TABLE told_people AS
SELECT customer_id, person_rows.*, told_at, row_number() OVER (ORDER BY import_seq, row_no, person_rows.telling) AS place
FROM person_rows JOIN person_tellings USING (telling) JOIN told_customers USING (told_key);

CREATE OR REPLACE TEMP TABLE told_touches AS
SELECT customer_id, touch_rows.*, told_at, timezone($shop_zone, make_timestamptz(epoch_us(coalesce(happened_at, told_at))))::DATE AS day, import_seq, row_no
FROM touch_rows JOIN (
    SELECT telling, min(told_at) AS told_at, min(import_seq) AS import_seq, min(row_no) AS row_no FROM touch_tellings GROUP BY telling) USING (telling)
JOIN told_customers USING (told_key);

INSERT INTO touches BY NAME SELECT customer_id, kind, happened_at, day, rating, product, body FROM told_touches;

INSERT INTO customer_tags
SELECT DISTINCT customer_id, tag FROM (SELECT customer_id, unnest(string_split(tags, '|')) AS tag FROM told_people WHERE tags IS NOT NULL);

-- The latest of each field that is filled in at all.
INSERT INTO profiles BY NAME
WITH told AS (
    SELECT customer_id, platform, shop, account, phone, phone_quality, email, email_norm, name, nickname, gender, birth_lunar, birth_year, birth_month,
        birth_day, birth_leap, qq, wechat, size, colours, family, owner, remarks, told_key,
        timezone($shop_zone, make_timestamptz(epoch_us(told_at)))::DATE AS known_day, place
    FROM told_people
    UNION ALL BY NAME
    SELECT customer_id, platform, shop, account, phone, phone_quality, email, email_norm,
        CASE WHEN NOT contains(nickname, '*') THEN nickname END AS nickname, told_key, day AS known_day,
        -1e12 + epoch(coalesce(happened_at, told_at)) + (telling % 1000) / 1000 AS place
    FROM told_touches
), latest AS (
    SELECT customer_id, arg_max(nullif(platform, ''), place) AS platform, arg_max(nullif(shop, ''), place) AS shop,
        coalesce(arg_max(account, place), regexp_replace(arg_max(told_key, place), '^(phone|email):', '')) AS buyer,
        arg_max(name, place) AS name, arg_max(nickname, place) AS nickname, arg_max(gender, place) AS gender,
        arg_max({'lunar': birth_lunar, 'month': birth_month, 'day': birth_day, 'leap': birth_leap}, place) FILTER (birth_month IS NOT NULL) AS birth,
        arg_max(birth_year, place) AS birth_year,
        arg_max({'phone': phone, 'quality': phone_quality}, (phone_quality = 'clear', place)) FILTER (phone IS NOT NULL) AS dialled,
        arg_max({'email': email, 'norm': email_norm}, place) FILTER (email_norm IS NOT NULL) AS mail,
        arg_max(qq, place) AS qq, arg_max(wechat, place) AS wechat, arg_max(size, place) AS size, arg_max(colours, place) AS colours,
        arg_max(family, place) AS family, arg_max(owner, place) AS owner, arg_max(remarks, place) AS remarks, min(known_day) AS known_day
    FROM told GROUP BY customer_id
)
SELECT customer_id, coalesce(platform, 'other') AS platform, coalesce(shop, 'default') AS shop, buyer, name, nickname, gender,
    birth.lunar AS birth_lunar, birth_year, birth.month AS birth_month, birth.day AS birth_day, birth.leap AS birth_leap,
    CASE WHEN NOT birth.lunar THEN try_cast(printf('%04d-%02d-%02d', birth_year, birth.month, birth.day) AS DATE) END AS born,
    dialled.phone AS phone, dialled.quality AS phone_quality, mail.email AS email, mail.norm AS email_norm, split_part(mail.norm, '@', 2) AS mailbox,
    qq, wechat, size, colours, family, owner, remarks, known_day
FROM latest;
