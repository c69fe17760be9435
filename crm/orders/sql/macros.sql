-- How single cells are read. Temporary: made anew on the connection of each import.

-- A cell without blanks, tabs, NBSP, ="…" and a leading apostrophe. `edged` says cheaply whether there is any of it.
CREATE OR REPLACE TEMP MACRO edged(x) AS
    x < '(' OR prefix(x, '=') OR suffix(x, ' ') OR suffix(x, chr(9)) OR suffix(x, chr(160)) OR suffix(x, chr(12288))
    OR prefix(x, chr(160)) OR prefix(x, chr(12288)) OR prefix(x, chr(65279));
CREATE OR REPLACE TEMP MACRO scrubbed(x) AS
    ltrim(trim(regexp_replace(trim(x, chr(9) || chr(10) || chr(32) || chr(160) || chr(12288) || chr(65279) || chr(8203)), '^="(.*)"$', '\1', 's'),
        chr(9) || chr(10) || chr(32) || chr(160) || chr(12288) || chr(65279) || chr(8203)), '''');
-- Each part stands here once: what stands twice in an expression is worked out for every cell, asked for or not.
CREATE OR REPLACE TEMP MACRO bare(x) AS
    CASE WHEN prefix(x, '="') AND suffix(x, '"') AND length(x) > 2
         THEN ltrim(trim(substring(x, 3, length(x) - 3), chr(9) || chr(10) || chr(32) || chr(160) || chr(12288) || chr(65279) || chr(8203)), '''')
         WHEN prefix(x, '''') AND NOT suffix(x, ' ') AND NOT suffix(x, chr(9)) AND NOT suffix(x, chr(160)) AND NOT suffix(x, chr(12288))
         THEN ltrim(x, '''')
         ELSE scrubbed(x) END;

-- An amount. `amounts` has made the cells of a column plain numbers, in the style of the column; what is none is not read in parts.
CREATE OR REPLACE TEMP MACRO money(x) AS try_cast(x AS DECIMAL(12, 2));
CREATE OR REPLACE TEMP MACRO price(x) AS try_cast(x AS DECIMAL(18, 6));
CREATE OR REPLACE TEMP MACRO refund(x) AS coalesce(abs(money(x)), CASE WHEN regexp_matches(x, '^(无|没有|未)') THEN 0 END);
CREATE OR REPLACE TEMP MACRO fee(x) AS coalesce(money(x), CASE WHEN regexp_matches(x, '(?i)^(无|没有|未|免|包邮|free)') THEN 0 END);
CREATE OR REPLACE TEMP MACRO whole(x) AS try_cast(try_cast(x AS DOUBLE) AS INTEGER);
-- A unit price keeps its digits until it is multiplied, and so does a quantity of 2.5 metres.
-- Most prices are in cents and most quantities whole: those are multiplied in a tenth of the time.
CREATE OR REPLACE TEMP MACRO times(one, many) AS try_cast(
    CASE WHEN (one LIKE '%.__' OR NOT contains(one, '.')) AND length(one) < 10 AND length(many) < 6 AND NOT contains(many, '.')
         THEN money(one) * try_cast(many AS INTEGER) ELSE price(one)::DECIMAL(26, 6) * try_cast(many AS DECIMAL(12, 3)) END AS DECIMAL(12, 2));
-- Why a cell is no amount: it does not fit its column (crm/imports/amounts.py marks it), it is too large, or it is no number.
CREATE OR REPLACE TEMP MACRO no_amount(x) AS
    CASE WHEN suffix(x, chr(8203)) THEN 'style' WHEN isfinite(try_cast(x AS DOUBLE)) AND abs(try_cast(x AS DOUBLE)) > 9999999999 THEN 'large' ELSE 'amount' END;
-- Whether the whole column has to say what a cell is: no plain number, or one that could be in thousands (`1.234`).
CREATE OR REPLACE TEMP MACRO odd(x) AS try_cast(x AS DECIMAL(12, 2)) IS NULL OR x LIKE '%.___';
-- How a cell is written: its digits as nines, and whether the first of them is a nought.
CREATE OR REPLACE TEMP MACRO shape(x) AS translate(x, '012345678', '999999999') || CASE WHEN regexp_matches(x, '^[^0-9]*0') THEN '0' ELSE '' END;
CREATE OR REPLACE TEMP MACRO digits_of(x) AS regexp_replace(x, '[^0-9]', '', 'g');
-- What was given back where only what was kept of the total is told; 0 there means that nothing was changed.
CREATE OR REPLACE TEMP MACRO left_over(kept, total) AS CASE WHEN money(kept) > 0 AND money(kept) < money(total) THEN money(total) - money(kept) END;

-- A moment on the wall clock; cells that are written otherwise were made plain by `moments`, in the order that the whole column showed.
CREATE OR REPLACE TEMP MACRO plain_moment(x) AS
    regexp_full_match(x, '(19|20)\d\d[-/]\d{1,2}[-/]\d{1,2}([ T]\d{1,2}:\d{1,2}(:\d{1,2}(\.\d+)?)?\s*(Z|[-+]\d\d(:?\d\d)?)?)?|(19|20)\d{6}(\d{6})?|[2-5]\d{4}(\.\d+)?');
CREATE OR REPLACE TEMP MACRO wall(x, days_1904) AS
    CASE WHEN NOT plain_moment(x) THEN NULL
         WHEN x[5] IN ('-', '/') THEN try_cast(x AS TIMESTAMP)
         WHEN length(x) IN (8, 14) AND NOT contains(x, '.') THEN try_strptime(x, ['%Y%m%d', '%Y%m%d%H%M%S'])
         ELSE TIMESTAMP '1899-12-30' + to_days(days_1904) + to_seconds(round(try_cast(x AS DOUBLE) * 86400)::BIGINT) END;
-- The day and the time of day of a moment in any form, as texts.
CREATE OR REPLACE TEMP MACRO in_order(x) AS
    regexp_replace(regexp_replace(regexp_replace(x, '^(\d{8})T?(\d\d)(\d\d)(\d\d)(\.\d+)?(Z|[-+]\d\d:?\d\d)?$', '\1 \2:\3:\4\6'),
        '^(\d{8})T(\d\d)(\d\d)(Z|[-+]\d\d:?\d\d)?$', '\1 \2:\3\4'), '^(\D*\s\d{1,2}\s)(\d{1,2}:\d\d(:\d\d)?)\s+(\d{4})$', '\1\4 \2');
CREATE OR REPLACE TEMP MACRO part_of_moment(x, nth) AS regexp_extract(in_order(x),
    '(?is)^(.*?)(?:T|[\s,]+(?:[-–—|·;/]|at|um|à|a las|kl\.?|om)?\s*|)((?:(?:上午|下午|中午|凌晨|早上|晚上|午前|午後|오전|오후|[ap]\.?\s?m\.?)\s*)?\d{1,2}(?:[:h时時点點]|\s*[ap]m\b).*)?$', nth);
CREATE OR REPLACE TEMP MACRO day_part(x) AS part_of_moment(x, 1);
CREATE OR REPLACE TEMP MACRO clock_part(x) AS part_of_moment(x, 2);
-- `zone`: that of times without an offset; `ahead`: microseconds that it always is before UTC, or NULL; `days_1904`: 1462 where days count from 1904.
CREATE OR REPLACE TEMP MACRO moment(x, zone, ahead, days_1904) AS
    CASE WHEN x IS NULL THEN NULL
         WHEN x LIKE '____-__-__ __:__:__' AND x >= '1992' AND x < '2038' AND ahead IS NOT NULL  -- as most are written
         THEN make_timestamp(epoch_us(try_cast(x AS TIMESTAMP)) - ahead)
         WHEN contains(x, ':') AND regexp_matches(x, ':\d\d(\.\d+)?\s*(Z|[-+]\d\d(:?\d\d)?)$')
         THEN timezone('UTC', try_cast(regexp_replace(x, '\s*([-+]\d\d):?(\d\d)?$', '\1:\2') AS TIMESTAMPTZ))
         WHEN ahead IS NOT NULL AND regexp_matches(x, '^(199[2-9]|20[0-2]\d|203[0-7])')
         THEN make_timestamp(epoch_us(wall(x, days_1904)) - ahead)
         ELSE make_timestamp(epoch_us(timezone(zone, wall(x, days_1904)))) END;
-- A moment in UTC on the shop's clock.
CREATE OR REPLACE TEMP MACRO on_shop_clock(x, zone, ahead) AS
    CASE WHEN ahead IS NOT NULL AND x >= TIMESTAMP '1992-01-02' AND x < TIMESTAMP '2037-12-31'
         THEN make_timestamp(epoch_us(x) + ahead)
         ELSE timezone(zone, make_timestamptz(epoch_us(x))) END;

-- What an amount in another currency is worth at a rate; NULL without one, and where it does not fit.
CREATE OR REPLACE TEMP MACRO worth(x, rate) AS try_cast(round(x::DECIMAL(20, 2) * rate, 2) AS DECIMAL(12, 2));

-- An id that a spreadsheet has damaged: in powers of ten (`powered`), or all zeros after the fifteenth digit (`rounded`).
CREATE OR REPLACE TEMP MACRO powered(x) AS (contains(x, 'E') OR contains(x, 'e')) AND regexp_full_match(x, '\d(\.\d+)?[eE]\+?\d+');
CREATE OR REPLACE TEMP MACRO rounded(x) AS suffix(x, '000') AND length(x) >= 16 AND regexp_full_match(x, '\d{15}0+');
CREATE OR REPLACE TEMP MACRO damaged(x) AS powered(x) OR rounded(x);
-- The same of a number with sixteen digits, which comes as `1234567890123450.0`.
CREATE OR REPLACE TEMP MACRO rounded_number(x) AS suffix(x, '0.0') AND regexp_full_match(x, '\d{15}0\.0');
CREATE OR REPLACE TEMP MACRO unfloat(x) AS CASE WHEN x LIKE '%.0' THEN regexp_replace(x, '^(\d+)\.0$', '\1') ELSE x END;
-- The lower half of the MD5 as a number, four times as fast as md5_number_lower.
CREATE OR REPLACE TEMP MACRO digest(x) AS (md5_number(x) >> 64)::UBIGINT;
CREATE OR REPLACE TEMP MACRO short_key(x) AS left(sha256(x), 16);
-- 63 bits of it: numbers take an eighth of the time of texts to keep, and are joined faster.
CREATE OR REPLACE TEMP MACRO number_key(x) AS (md5_number(x) >> 65)::BIGINT;

-- An e-mail address in the form in which it is compared, or NULL when it cannot be one.
CREATE OR REPLACE TEMP MACRO address_norm(x) AS
    CASE WHEN contains(x, '@') AND regexp_full_match(lower(trim(x)), '[^@\s,;<>()"*]+@([\p{L}\d-]+\.)+\p{L}{2,}') AND NOT contains(x, '..')
         THEN lower(trim(x)) END;

-- Phone numbers: `cipher` and `masked` never reach anybody, `virtual` only for two weeks after completion.
CREATE OR REPLACE TEMP MACRO dial(x) AS
    CASE WHEN regexp_full_match(x, '1\d{10}') THEN x
         ELSE regexp_replace(regexp_replace(x, '[\s\x{a0} ().\x{2010}-\x{2015}/-]', '', 'g'), '^(\+?86|0086)(1\d{10})$', '\2') END;
CREATE OR REPLACE TEMP MACRO phone_quality(x) AS
    CASE WHEN x IS NULL THEN NULL
         WHEN regexp_full_match(x, '1[3-9]\d{9}') THEN 'clear'
         WHEN starts_with(x, '##') OR starts_with(x, '$') THEN 'cipher'
         WHEN contains(x, '*') THEN 'masked'
         WHEN regexp_matches(x, '^1\d{10}\s*(-|转|,|，|x|ext)\s*\d{2,6}$') THEN 'virtual'
         WHEN regexp_full_match(dial(x), '1[3-9]\d{9}') OR regexp_full_match(replace(dial(x), '-', ''), '\+?\d{7,15}') THEN 'clear'
         ELSE NULL END;

-- A status under which no money has flowed.
CREATE OR REPLACE TEMP MACRO never_paid(status, paid_at) AS status IN ('unpaid', 'closed_unpaid') OR (status = 'cancelled' AND paid_at IS NULL);

-- Where the place stands in an address: `姓名，86-手机号，省 市 区 …` has it third; else the first three words, or the first letters where no blanks are.
CREATE OR REPLACE TEMP MACRO place_text(x) AS
    CASE WHEN contains(x, '，') AND regexp_matches(x, '^[^，]*，\s*(86-)?[\d*-]+，') THEN split_part(x, '，', 3) ELSE x END;
CREATE OR REPLACE TEMP MACRO place_of(x) AS regexp_extract(place_text(x), '(?s)^([^ ]* [^ ]* [^ ]+|.{0,20})');
