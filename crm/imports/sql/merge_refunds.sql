-- Keep what this file tells of refunds; the orders they belong to are made anew.
-- Reads file_refunds, orders; writes refund_records, touched.
INSERT INTO refund_records BY NAME SELECT *, $import_id AS import_id, $import_seq AS import_seq FROM file_refunds;
INSERT INTO touched
SELECT orders.order_key FROM orders
JOIN (SELECT DISTINCT platform, shop, order_id FROM file_refunds) AS named
    ON named.order_id = orders.order_id AND named.platform = orders.platform AND named.shop IN (orders.shop, '');
