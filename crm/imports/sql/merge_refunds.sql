-- Keep what this file tells of refunds; the orders they belong to are made anew. $1 import id, $2 its number.
INSERT INTO refund_rows BY NAME SELECT *, $1 AS import_id, $2 AS import_seq FROM told_refunds;
INSERT INTO touched
SELECT orders.order_key FROM orders
JOIN (SELECT DISTINCT platform, shop, order_id FROM told_refunds) AS told
    ON told.order_id = orders.order_id AND told.platform = orders.platform AND told.shop IN (orders.shop, '');
