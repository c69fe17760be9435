-- One row per order or per line? Whether ids repeat, whether the amount is the same on all rows of an order, whether an order's first row
-- is the sum of its others, or a head above them (`summary`), and whether each row's amount goes with its own price and number of items
-- (`priced`).
-- Reads cells.
SELECT count(*) FILTER (n > 1) AS repeated, coalesce(avg(same::INTEGER) FILTER (n > 1), 1) >= 0.95 AS constant,
    coalesce(bool_and(coalesce(first_amount = summed - first_amount, false) OR headed) FILTER (n > 2 AND NOT same), false)
        AND coalesce(bool_and(same OR n > 2) FILTER (n > 1), true) AS summary,
    (SELECT count(*) > 1 AND quantile_cont(times, 0.95) - quantile_cont(times, 0.05) < 0.01 AND quantile_cont(times, 0.95) < 1.5
     FROM (SELECT try_cast(paid_amount AS DOUBLE) / nullif(try_cast(unit_price AS DOUBLE) * try_cast(item_qty AS DOUBLE), 0) AS times FROM cells)
     WHERE times IS NOT NULL) AS priced
FROM (SELECT count(*) AS n, count(DISTINCT coalesce(paid_amount, total_amount)) <= 1 AS same, arg_min(money(coalesce(paid_amount, total_amount)), row_no) AS first_amount,
        sum(money(coalesce(paid_amount, total_amount))) AS summed,
        -- its first row names no product, its others do, and it is at least their sum
        count(coalesce(item_title, sku_code)) = count(*) - 1 AND arg_min_null(coalesce(item_title, sku_code), row_no) IS NULL AND first_amount >= summed - first_amount AS headed
      FROM cells WHERE order_id IS NOT NULL GROUP BY order_id, shop_name);
