-- One row per order or per line? Whether ids repeat, whether the amount is the same on all rows of an order, and whether an order's first row
-- is the sum of its others (`summary`).
SELECT count(*) FILTER (n > 1) AS repeated, coalesce(avg(same::INTEGER) FILTER (n > 1), 1) >= 0.95 AS constant,
    coalesce(bool_and(coalesce(first_amount = summed - first_amount, false)) FILTER (n > 2 AND NOT same), false)
        AND coalesce(bool_and(same OR n > 2) FILTER (n > 1), true) AS summary
FROM (SELECT count(*) AS n, count(DISTINCT coalesce(paid_amount, total_amount)) <= 1 AS same, arg_min(money(coalesce(paid_amount, total_amount)), row_no) AS first_amount,
        sum(money(coalesce(paid_amount, total_amount))) AS summed
      FROM cells WHERE order_id IS NOT NULL GROUP BY order_id, shop_name);
