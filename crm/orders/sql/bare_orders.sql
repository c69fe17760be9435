-- Orders without any date or any amount are not taken over.
INSERT INTO bad
SELECT row_no, CASE WHEN coalesce(created_at, paid_at) IS NULL THEN 'created_at' ELSE 'paid_amount' END,
       CASE WHEN coalesce(created_at, paid_at) IS NULL THEN 'no_date' ELSE 'no_amount' END
FROM collapsed
WHERE coalesce(created_at, paid_at) IS NULL OR coalesce(paid_amount, total_amount, goods_amount, line_sum) IS NULL;
