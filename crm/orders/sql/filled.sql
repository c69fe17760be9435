-- The tellings of the query, each order once, with what the table has for their blanks.
SELECT told.* REPLACE (
    coalesce(told.customer_id, who.customer_id) AS customer_id, CASE WHEN told.customer_id IS NULL THEN coalesce(who.buyer, told.buyer) ELSE told.buyer END AS buyer,
    coalesce(told.nickname, blank.nickname) AS nickname, coalesce(told.receiver, blank.receiver) AS receiver, coalesce(told.email, blank.email) AS email,
    coalesce(told.address, blank.address) AS address, coalesce(told.country, blank.country) AS country, coalesce(told.source, blank.source) AS source,
    coalesce(told.accepts_marketing, blank.accepts_marketing) AS accepts_marketing,
    coalesce(told.phone, dialled.phone) AS phone, CASE WHEN told.phone IS NULL THEN dialled.quality ELSE told.phone_quality END AS phone_quality,
    CASE WHEN told.phone IS NULL AND dialled IS NOT NULL THEN dialled.completed ELSE told.completed_at END AS completed_at,
    coalesce(told.province, lives.province) AS province, CASE WHEN told.province IS NULL AND lives IS NOT NULL THEN lives.city ELSE told.city END AS city,
    CASE WHEN told.province IS NULL AND lives IS NOT NULL THEN lives.district ELSE told.district END AS district)
FROM (FROM WINNING) AS told LEFT JOIN FILLINGS AS blank USING (order_key)
