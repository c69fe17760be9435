-- The orders as this file tells them, whole or in parts. $1 platform, $2 shop, $3 the layout's currency ('': the shop's), $4 country, $5 status column, $6 payment-time column,
-- $7 amounts are told per line, $8 buyer by account, $9 by e-mail, $10 by phone.
WITH meant AS (
    SELECT collapsed.*, words.status AS word, words.shipped, refunds.status AS refund_word,
           CASE WHEN $7 THEN coalesce(paid_amount, line_amount + CASE WHEN part IS NULL OR getvariable('reading_line_shipping') THEN coalesce(shipping_fee, 0) ELSE 0 END) ELSE coalesce(paid_amount, CASE WHEN total_amount IS NULL AND NOT getvariable('reading_told_amounts') THEN line_sum END) END AS amount,
           coalesce(total_amount, goods_amount + coalesce(shipping_fee, 0)) AS payable,
           CASE WHEN $7 THEN line_refunds ELSE refund_amount END AS refund_told,
           coalesce(buyer_email, CASE WHEN contains(buyer_alipay, '@') THEN buyer_alipay END) AS mail,
           coalesce(receiver_mobile, buyer_phone, receiver_phone) AS dialled
    FROM collapsed LEFT JOIN status_words AS words ON words.raw = status_raw AND coalesce(words.fulfilment, '') = coalesce(fulfillment_raw, '')
         LEFT JOIN refund_words AS refunds ON refunds.raw = refund_status_raw
), settled AS (
    SELECT *, CASE
        WHEN cancelled_at IS NOT NULL THEN CASE WHEN getvariable('reading_told_amounts') AND paid_at IS NOT NULL THEN 'closed_refunded' ELSE 'cancelled' END
        WHEN getvariable('reading_told_amounts') AND word = 'cancelled' AND (paid_at IS NOT NULL OR refund_told > 0) THEN 'closed_refunded'
        WHEN regexp_matches(stage_raw, '阶段2.*等待买家付款') THEN 'deposit_paid'
        WHEN NOT $5 AND coalesce(amount, payable) IS NULL THEN 'paid_unshipped'  -- a report of what is to be sent tells no amounts
        WHEN NOT $5 OR status_raw IS NULL THEN CASE WHEN part IS NULL AND coalesce(amount, payable) < 0 THEN 'closed_refunded' WHEN $6 AND paid_at IS NULL THEN 'unpaid' ELSE 'completed' END
        WHEN word = 'closed' THEN CASE WHEN paid_at IS NOT NULL OR (NOT $6 AND amount > 0) THEN 'closed_refunded' ELSE 'closed_unpaid' END
        WHEN word IN ('unknown', 'by_payment') THEN CASE WHEN paid_at IS NOT NULL OR (NOT $6 AND amount > 0) THEN 'completed' ELSE 'unpaid' END
        WHEN word = 'paid_unshipped' THEN coalesce(shipped, word)
        ELSE word END AS status
    FROM meant
), valued AS (
    SELECT *, CASE  -- a line may count less than nothing: a discount; and the order's total is none of its own
        WHEN never_paid(status, paid_at) THEN 0
        WHEN part IS NOT NULL THEN amount
        ELSE greatest(coalesce(amount, payable, 0), 0) END::DECIMAL(12, 2) AS gross
    FROM settled
), netted AS (
    SELECT *, CASE WHEN part IS NULL AND refund_told > 0 AND payable - gross = refund_told THEN payable ELSE gross END AS paid,
        CASE WHEN part IS NULL AND coalesce(amount, payable) < 0 THEN -coalesce(amount, payable)
             WHEN status IN ('closed_refunded', 'refunding') OR refund_word = 'charged_back' OR refund_word = 'refunded' AND refund_told IS NULL THEN greatest(coalesce(refund_told, 0), gross)
             ELSE coalesce(refund_told, 0) END::DECIMAL(12, 2) AS refunded
    FROM valued
), known AS (
    SELECT *, coalesce(shop_name, $2) AS shop, phone_quality(dialled) AS quality,
        coalesce(CASE WHEN $8 AND NOT (getvariable('reading_masks') AND contains(buyer_id, '**')) THEN buyer_id END, CASE WHEN $9 THEN address_norm(mail) END,
                 CASE WHEN $10 AND phone_quality(coalesce(buyer_phone, dialled)) = 'clear' THEN dial(coalesce(buyer_phone, dialled)) END) AS buyer
    FROM netted
)
SELECT *, digest(concat_ws(chr(31), coalesce(buyer, ''), coalesce(nickname, ''), coalesce(receiver, ''), coalesce(email, ''),
    coalesce(phone, ''), coalesce(address, ''), coalesce(country, ''), coalesce(province, ''), coalesce(city, ''), coalesce(district, ''),
    coalesce(status, ''), coalesce(status_raw, ''), coalesce(created_at::TEXT, ''), coalesce(paid_at::TEXT, ''), coalesce(completed_at::TEXT, ''),
    coalesce(payable::TEXT, ''), coalesce(paid::TEXT, ''), coalesce(refunded::TEXT, ''), currency, coalesce(items::TEXT, ''),
    coalesce(source, ''), coalesce(accepts_marketing::TEXT, ''), coalesce(observed_at::TEXT, ''), part, shipping)) AS telling
FROM (
SELECT $1 AS platform, shop, order_id, number_key($1 || '|' || shop || '|' || order_id) AS order_key,
    -- The shops of one platform have their own accounts; the branches of a table nobody knows have not.
    CASE WHEN buyer IS NOT NULL THEN short_key($1 || '|' || CASE WHEN getvariable('reading_known') THEN shop ELSE $2 END || '|' || buyer) END AS customer_id,
    buyer, coalesce(nickname, first_name, CASE WHEN $8 AND NOT contains(buyer_id, '@') THEN buyer_id END) AS nickname,
    coalesce(receiver_name, nullif(concat_ws(' ', first_name, last_name), '')) AS receiver,
    mail AS email, CASE WHEN quality = 'clear' THEN dial(dialled) ELSE dialled END AS phone, quality AS phone_quality,
    CASE WHEN places.province IS NOT NULL THEN 'CN' ELSE coalesce(country_words.code, $4) END AS country,
    -- Outside China regions are kept as the file writes them.
    CASE WHEN abroad THEN known.province ELSE places.province END AS province, CASE WHEN abroad THEN known.city ELSE places.city END AS city,
    CASE WHEN abroad THEN known.district ELSE places.district END AS district,
    receiver_address AS address, status, status_raw, created_at, paid_at, completed_at, payable, paid, refunded,
    coalesce(currency, $3) AS currency, item_qty AS items, part,
    CASE WHEN part IS NOT NULL AND NOT getvariable('reading_line_shipping') THEN shipping_fee END AS shipping, channel AS source,
    consent_words.granted AS accepts_marketing,
    -- Without an amount no telling may win over one that has it.
    CASE WHEN coalesce(amount, payable) IS NOT NULL OR status LIKE 'closed%' OR status IN ('unpaid', 'cancelled')
         THEN greatest(created_at, paid_at, shipped_at, completed_at, cancelled_at) END AS observed_at, ranks.rank AS status_rank
FROM known LEFT JOIN places ON places.place = known.place LEFT JOIN ranks USING (status)
     LEFT JOIN country_words ON country_words.raw = known.country LEFT JOIN consent_words ON consent_words.raw = marketing_consent
     CROSS JOIN LATERAL (SELECT CASE WHEN places.province IS NOT NULL THEN false ELSE coalesce(country_words.code <> 'CN', $4 IS DISTINCT FROM 'CN' AND NOT regexp_matches(concat(known.province, known.city), '[\x{3400}-\x{9fff}*]')) END AS abroad)
)
