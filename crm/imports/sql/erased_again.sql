-- Records of a file that belong to people whose data was erased: of an order of theirs, or of an account of theirs before the erasure. (What an
-- account orders afterwards is a new customer's.)
-- Reads tombstones; makes erased_records; writes file_records_aside.
CREATE OR REPLACE TEMP TABLE erased_records AS
WITH seen AS (
    SELECT order_key, record_id, customer_id, buried('order', order_key::TEXT, $secret) AS its_order,
        CASE WHEN customer_id IS NOT NULL THEN buried('account', customer_id, $secret) END AS its_account,
        CASE WHEN customer_id IS NULL AND phone_quality = 'clear' THEN buried('mark', phone, $secret) END AS its_phone,
        CASE WHEN customer_id IS NULL THEN buried('mark', address_norm(email), $secret) END AS its_mail,
        coalesce(created_at, paid_at, TIMESTAMP '1970-01-01') AS placed_at
    FROM file_records_aside
)
SELECT order_key, record_id,
    arg_min({'token': token, 'customer_id': stones.customer_id}, (kind <> 'account', erased_at)) FILTER (token IS NOT NULL) AS lives_as
FROM seen JOIN tombstones AS stones ON (kind = 'order' AND mark = its_order)
    OR (placed_at <= erased_at AND ((kind = 'account' AND mark = its_account) OR (kind = 'mark' AND mark IN (its_phone, its_mail))))
GROUP BY order_key, record_id;
UPDATE file_records_aside SET
    nickname = NULL, receiver = NULL, email = NULL, phone = NULL, phone_quality = NULL, district = NULL, address = NULL,
    buyer = CASE WHEN file_records_aside.customer_id IS NOT NULL THEN lives_as.token END,
    customer_id = CASE WHEN file_records_aside.customer_id IS NOT NULL THEN lives_as.customer_id END
FROM erased_records AS erased WHERE erased.order_key = file_records_aside.order_key AND erased.record_id = file_records_aside.record_id;
