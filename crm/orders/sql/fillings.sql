-- Of orders with several records, what any of them says of who and where that the one that wins may have left blank: the latest of each.
-- Money, moments and status are the winner's alone. (crm/customers/portraits.py says the same.)
-- Reads chosen_rows; makes fillings.
CREATE OR REPLACE TEMP TABLE fillings AS
SELECT order_key, arg_max(nickname, place) AS nickname, arg_max(receiver, place) AS receiver, arg_max(email, place) AS email,
    arg_max(country, place) AS country, arg_max(address, place) AS address, arg_max(source, place) AS source, arg_max(accepts_marketing, place) AS accepts_marketing,
    arg_max({'customer_id': customer_id, 'buyer': buyer}, place) FILTER (customer_id IS NOT NULL) AS who,
    arg_max({'phone': phone, 'quality': phone_quality, 'completed': completed_at}, place) FILTER (phone IS NOT NULL) AS dialled,
    arg_max({'province': province, 'city': city, 'district': district}, place) FILTER (province IS NOT NULL) AS lives
FROM (
    SELECT *, row(coalesce(observed_at, TIMESTAMP '1970-01-01'), status_rank, coalesce(refunded, 0), import_seq, record_id) AS place FROM chosen_rows
)
WHERE order_key IN (
    SELECT order_key FROM chosen_rows GROUP BY order_key
    HAVING count(*) > 1 AND (count(nickname) % count(*) > 0 OR count(receiver) % count(*) > 0 OR count(email) % count(*) > 0 OR count(country) % count(*) > 0
        OR count(address) % count(*) > 0 OR count(source) % count(*) > 0 OR count(accepts_marketing) % count(*) > 0 OR count(customer_id) % count(*) > 0
        OR count(phone) % count(*) > 0 OR count(province) % count(*) > 0)
)
GROUP BY order_key
