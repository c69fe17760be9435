-- The same for order lines.
-- Makes line_heirs; writes line_rows, line_repeats.
CREATE OR REPLACE TEMP TABLE line_heirs AS
SELECT platform, shop, order_id, line_id, telling, arg_min(import_id, import_seq) AS import_id, min(import_seq) AS import_seq
FROM line_repeats SEMI JOIN (SELECT * FROM line_rows WHERE import_id = $import_id) AS going USING (platform, shop, order_id, line_id, telling)
WHERE import_id <> $import_id GROUP BY platform, shop, order_id, line_id, telling;
INSERT INTO line_rows BY NAME
SELECT line_rows.* REPLACE (h.import_id AS import_id, h.import_seq AS import_seq)
FROM line_rows JOIN line_heirs AS h ON h.order_id = line_rows.order_id AND h.line_id = line_rows.line_id AND h.telling = line_rows.telling
    AND h.platform = line_rows.platform AND h.shop = line_rows.shop
WHERE line_rows.import_id = $import_id;
DELETE FROM line_repeats USING line_heirs AS h
WHERE h.order_id = line_repeats.order_id AND h.line_id = line_repeats.line_id AND h.telling = line_repeats.telling
    AND h.platform = line_repeats.platform AND h.shop = line_repeats.shop AND h.import_id = line_repeats.import_id;
