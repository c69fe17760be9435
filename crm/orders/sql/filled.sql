-- The winning records, each with what other records of the same order say where it is blank.
-- Reads winning_records, fillings; makes filled_records.
CREATE OR REPLACE TEMP VIEW filled_records AS
SELECT won.* REPLACE (
    coalesce(won.customer_id, who.customer_id) AS customer_id, CASE WHEN won.customer_id IS NULL THEN coalesce(who.buyer, won.buyer) ELSE won.buyer END AS buyer,
    coalesce(won.nickname, blank.nickname) AS nickname, coalesce(won.receiver, blank.receiver) AS receiver, coalesce(won.email, blank.email) AS email,
    coalesce(won.address, blank.address) AS address, coalesce(won.country, blank.country) AS country, coalesce(won.source, blank.source) AS source,
    coalesce(won.accepts_marketing, blank.accepts_marketing) AS accepts_marketing,
    coalesce(won.phone, dialled.phone) AS phone, CASE WHEN won.phone IS NULL THEN dialled.quality ELSE won.phone_quality END AS phone_quality,
    CASE WHEN won.phone IS NULL AND dialled IS NOT NULL THEN dialled.completed ELSE won.completed_at END AS completed_at,
    coalesce(won.province, lives.province) AS province, CASE WHEN won.province IS NULL AND lives IS NOT NULL THEN lives.city ELSE won.city END AS city,
    CASE WHEN won.province IS NULL AND lives IS NOT NULL THEN lives.district ELSE won.district END AS district)
FROM winning_records AS won LEFT JOIN fillings AS blank USING (order_key);
