-- What each row says of money: of which order, of whom, of what, how much and when; `given_back`: its words say that it was refunded.
-- Reads typed, status_words, refund_words; makes money_rows.
CREATE OR REPLACE TEMP TABLE money_rows AS
SELECT row_no, order_id, status_raw, reference_id, refund_status_raw, shop_name, coalesce(buyer_id, address_norm(buyer_email), buyer_phone) AS who, coalesce(sku_code, product_id, item_title) AS product, item_title, currency,
    item_qty AS quantity,
    -- Where a column says what sort of row it is, a refund's amount is less than nothing however it is written.
    CASE WHEN $rows_have_kinds AND refund_status_raw IN (SELECT raw FROM refund_words WHERE status = 'refunded') THEN -abs(coalesce(paid_amount, total_amount, line_amount))
         ELSE coalesce(paid_amount, total_amount, line_amount) END AS amount, coalesce(paid_at, created_at) AS happened_at,
    coalesce(status_raw IN (SELECT raw FROM status_words WHERE status IN ('closed_refunded', 'partial_refund', 'refunding')), false)
        OR (coalesce(paid_amount, total_amount, line_amount) < 0 AND (
            regexp_matches(order_id, '(?i)^(CN|CRN|CRM|CM|GS|GU|AV|AVO|NC|RF|REF|RET|XT|TH)[-_/ ]?\d')  -- numbers of credit notes
            OR regexp_matches(strip_accents(lower(item_title)), '^(abono|devoluc|reembols|refund|return|erstatt|gutschrift|retour|avoir|rembours|nota de cr|note de cr|credit note|storno|rectificativa|退)')))
        OR coalesce(refund_status_raw IN (SELECT raw FROM refund_words WHERE status = 'refunded'), false) AS given_back,
    coalesce(status_raw IN (SELECT raw FROM status_words WHERE status IN ('unpaid', 'cancelled', 'closed_unpaid')), false) AS never
FROM typed;
