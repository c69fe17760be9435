-- Orders that were there already and now get lines.
INSERT INTO touched_lines
SELECT order_key FROM orders SEMI JOIN told_lines AS lines
    ON lines.order_id = orders.order_id AND lines.platform = orders.platform AND lines.shop IN (orders.shop, '');
