-- The source records of orders as this file tells them, whole or line by line.
-- Reads places, ranks, country_words, consent_words, order_cells, status_words, refund_words; makes records_read.
CREATE OR REPLACE TEMP VIEW records_read AS
WITH meant AS (
    SELECT order_cells.*, words.status AS word, words.shipped, refunds.status AS refund_word,
           CASE WHEN $per_line THEN coalesce(paid_amount, line_amount + CASE WHEN part IS NULL OR $line_shipping THEN coalesce(shipping_fee, 0) ELSE 0 END) ELSE coalesce(paid_amount, CASE WHEN total_amount IS NULL AND NOT $own_amounts THEN line_sum END) END AS amount,
           coalesce(total_amount, goods_amount + coalesce(shipping_fee, 0)) AS payable,
           CASE WHEN $per_line THEN line_refunds ELSE refund_amount END AS refund_given,
           coalesce(buyer_email, CASE WHEN contains(buyer_alipay, '@') THEN buyer_alipay END) AS mail,
           coalesce(receiver_mobile, buyer_phone, receiver_phone) AS dialled
    FROM order_cells LEFT JOIN status_words AS words ON words.raw = status_raw AND coalesce(words.fulfilment, '') = coalesce(fulfillment_raw, '')
         LEFT JOIN refund_words AS refunds ON refunds.raw = refund_status_raw
), settled AS (
    SELECT *, CASE
        WHEN cancelled_at IS NOT NULL THEN CASE WHEN $own_amounts AND paid_at IS NOT NULL THEN 'closed_refunded' ELSE 'cancelled' END
        WHEN $own_amounts AND word = 'cancelled' AND (paid_at IS NOT NULL OR refund_given > 0) THEN 'closed_refunded'
        WHEN regexp_matches(stage_raw, '阶段2.*等待买家付款') THEN 'deposit_paid'
        WHEN NOT $has_status AND coalesce(amount, payable) IS NULL THEN 'paid_unshipped'  -- a report of what is to be sent tells no amounts
        WHEN NOT $has_status OR status_raw IS NULL THEN CASE WHEN part IS NULL AND coalesce(amount, payable) < 0 THEN 'closed_refunded' WHEN $has_paid_at AND paid_at IS NULL THEN 'unpaid' ELSE 'completed' END
        WHEN word = 'closed' THEN CASE WHEN paid_at IS NOT NULL OR (NOT $has_paid_at AND amount > 0) THEN 'closed_refunded' ELSE 'closed_unpaid' END
        WHEN word IN ('unknown', 'by_payment') THEN CASE WHEN paid_at IS NOT NULL OR (NOT $has_paid_at AND amount > 0) THEN 'completed' ELSE 'unpaid' END
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
    SELECT *, CASE WHEN part IS NULL AND refund_given > 0 AND payable - gross = refund_given THEN payable ELSE gross END AS paid,
        CASE WHEN part IS NULL AND coalesce(amount, payable) < 0 THEN -coalesce(amount, payable)
             WHEN status IN ('closed_refunded', 'refunding') OR refund_word = 'charged_back' OR refund_word = 'refunded' AND refund_given IS NULL THEN greatest(coalesce(refund_given, 0), gross)
             ELSE coalesce(refund_given, 0) END::DECIMAL(12, 2) AS refunded
    FROM valued
), known AS (
    SELECT *, coalesce(shop_name, $shop) AS shop, phone_quality(dialled) AS quality,
        coalesce(CASE WHEN $by_account AND NOT ($masks AND contains(buyer_id, '**')) THEN buyer_id END, CASE WHEN $by_email THEN address_norm(mail) END,
                 CASE WHEN $by_phone AND phone_quality(coalesce(buyer_phone, dialled)) = 'clear' THEN dial(coalesce(buyer_phone, dialled)) END) AS buyer
    FROM netted
)
SELECT *, digest(concat_ws(chr(31), coalesce(buyer, ''), coalesce(nickname, ''), coalesce(receiver, ''), coalesce(email, ''),
    coalesce(phone, ''), coalesce(address, ''), coalesce(country, ''), coalesce(province, ''), coalesce(city, ''), coalesce(district, ''),
    coalesce(status, ''), coalesce(status_raw, ''), coalesce(created_at::TEXT, ''), coalesce(paid_at::TEXT, ''), coalesce(completed_at::TEXT, ''),
    coalesce(payable::TEXT, ''), coalesce(paid::TEXT, ''), coalesce(refunded::TEXT, ''), currency, coalesce(items::TEXT, ''),
    coalesce(source, ''), coalesce(accepts_marketing::TEXT, ''), coalesce(observed_at::TEXT, ''), part, shipping)) AS record_id
FROM (
SELECT $platform AS platform, shop, order_id, number_key($platform || '|' || shop || '|' || order_id) AS order_key,
    -- The shops of one platform have their own accounts; the branches of a table nobody knows have not.
    CASE WHEN buyer IS NOT NULL THEN short_key($platform || '|' || CASE WHEN $known THEN shop ELSE $shop END || '|' || buyer) END AS customer_id,
    buyer, coalesce(nickname, first_name, CASE WHEN $by_account AND NOT contains(buyer_id, '@') THEN buyer_id END) AS nickname,
    coalesce(receiver_name, nullif(concat_ws(' ', first_name, last_name), '')) AS receiver,
    mail AS email, CASE WHEN quality = 'clear' THEN dial(dialled) ELSE dialled END AS phone, quality AS phone_quality,
    CASE WHEN places.province IS NOT NULL THEN 'CN' ELSE coalesce(country_words.code, $country) END AS country,
    -- Outside China regions are kept as the file writes them.
    CASE WHEN abroad THEN known.province ELSE places.province END AS province, CASE WHEN abroad THEN known.city ELSE places.city END AS city,
    CASE WHEN abroad THEN known.district ELSE places.district END AS district,
    receiver_address AS address, status, status_raw, created_at, paid_at, completed_at, payable, paid, refunded,
    coalesce(currency, $currency) AS currency, item_qty AS items, part,
    CASE WHEN part IS NOT NULL AND NOT $line_shipping THEN shipping_fee END AS shipping, channel AS source,
    consent_words.granted AS accepts_marketing,
    -- Without an amount no record may win over one that has it.
    CASE WHEN coalesce(amount, payable) IS NOT NULL OR status LIKE 'closed%' OR status IN ('unpaid', 'cancelled')
         THEN greatest(created_at, paid_at, shipped_at, completed_at, cancelled_at) END AS observed_at, ranks.rank AS status_rank
FROM known LEFT JOIN places ON places.place = known.place LEFT JOIN ranks USING (status)
     LEFT JOIN country_words ON country_words.raw = known.country LEFT JOIN consent_words ON consent_words.raw = marketing_consent
     CROSS JOIN LATERAL (SELECT CASE WHEN places.province IS NOT NULL THEN false ELSE coalesce(country_words.code <> 'CN', $country IS DISTINCT FROM 'CN' AND NOT regexp_matches(concat(known.province, known.city), '[\x{3400}-\x{9fff}*]')) END AS abroad)
);
