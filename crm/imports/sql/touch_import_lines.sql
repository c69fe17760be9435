-- The orders of which an import told lines or refunds. $1 the import.
INSERT INTO touched
SELECT orders.order_key FROM orders
JOIN (SELECT DISTINCT platform, shop, order_id FROM line_rows WHERE import_id = $1
      UNION SELECT DISTINCT platform, shop, order_id FROM line_repeats WHERE import_id = $1
      UNION SELECT DISTINCT platform, shop, order_id FROM refund_rows WHERE import_id = $1) AS lines
    ON lines.order_id = orders.order_id AND lines.platform = orders.platform AND lines.shop IN (orders.shop, '');
