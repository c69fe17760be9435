-- Tellings that were told before. $1 import id, $2 its number.
INSERT INTO order_repeats
SELECT order_key, telling, $1, $2 FROM tellings SEMI JOIN order_rows USING (order_key, telling);
