-- Orders that were there already and now get lines.
INSERT INTO touched_lines
SELECT orders.order_key FROM orders
JOIN (SELECT DISTINCT platform, shop, order_id FROM told_lines) AS lines
    ON lines.order_id = orders.order_id AND lines.platform = orders.platform AND lines.shop IN (orders.shop, '');
