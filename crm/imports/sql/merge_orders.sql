-- Tellings that were never told before. $1 import id, $2 its number.
INSERT INTO order_rows BY NAME
SELECT *, $1 AS import_id, $2 AS import_seq FROM tellings ANTI JOIN order_rows USING (order_key, telling);
