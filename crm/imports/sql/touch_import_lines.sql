-- The orders of which an import told lines or refunds.
-- Reads orders, refund_records, line_records, line_repeats; writes touched.
INSERT INTO touched
SELECT orders.order_key FROM orders
JOIN (SELECT DISTINCT platform, shop, order_id FROM line_records WHERE import_id = $import_id
      UNION SELECT DISTINCT platform, shop, order_id FROM line_repeats WHERE import_id = $import_id
      UNION SELECT DISTINCT platform, shop, order_id FROM refund_records WHERE import_id = $import_id) AS lines
    ON lines.order_id = orders.order_id AND lines.platform = orders.platform AND lines.shop IN (orders.shop, '');
