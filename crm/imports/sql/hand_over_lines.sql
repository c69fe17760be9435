-- The same for order lines.
-- Makes line_heirs; writes line_records, line_repeats.
CREATE OR REPLACE TEMP TABLE line_heirs AS
SELECT platform, shop, order_id, line_id, record_id, arg_min(import_id, import_seq) AS import_id, min(import_seq) AS import_seq
FROM line_repeats SEMI JOIN (SELECT * FROM line_records WHERE import_id = $import_id) AS going USING (platform, shop, order_id, line_id, record_id)
WHERE import_id <> $import_id GROUP BY platform, shop, order_id, line_id, record_id;
INSERT INTO line_records BY NAME
SELECT line_records.* REPLACE (h.import_id AS import_id, h.import_seq AS import_seq)
FROM line_records JOIN line_heirs AS h ON h.order_id = line_records.order_id AND h.line_id = line_records.line_id AND h.record_id = line_records.record_id
    AND h.platform = line_records.platform AND h.shop = line_records.shop
WHERE line_records.import_id = $import_id;
DELETE FROM line_repeats USING line_heirs AS h
WHERE h.order_id = line_repeats.order_id AND h.line_id = line_repeats.line_id AND h.record_id = line_repeats.record_id
    AND h.platform = line_repeats.platform AND h.shop = line_repeats.shop AND h.import_id = line_repeats.import_id;
