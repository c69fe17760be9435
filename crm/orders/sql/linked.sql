-- The accounts that were joined to others and have orders: with each mark that joins them, and the moment of their first purchase.
-- Reads customer_links, order_records.
WITH live AS (
    SELECT DISTINCT link_id, mark, customer_id FROM customer_links
    WHERE state = 'joined' AND link_id NOT IN (SELECT link_id FROM customer_links WHERE state = 'undone')
), buyers AS (
    SELECT customer_id, min(coalesce(paid_at, created_at)) FILTER (paid > 0) AS first_at FROM order_records
    WHERE customer_id IN (SELECT customer_id FROM live) GROUP BY customer_id
)
SELECT link_id || mark AS bond, customer_id, first_at, buyers.customer_id IS NOT NULL AS here FROM live LEFT JOIN buyers USING (customer_id);
