-- One import.
-- Writes imports.
INSERT INTO imports (import_id, file, file_hash, format, encoding, platform, shop, "rows", orders, orders_new, orders_changed, orders_unchanged, lines, customers_new, rejected, first_day, last_day, mapping, demo, imported_at, kind, amount, currency, without_buyer, actor, header, amounts, timezone, import_seq)
SELECT $import_id, $file, $file_hash, $format, $encoding, $platform, $shop, $rows, $orders, $orders_new, $orders_changed, $orders_unchanged, $lines, $customers_new, $rejected, $first_day, $last_day, $mapping, $demo, $imported_at, $kind, $amount, $currency, $without_buyer, $actor, $header, $amounts, $timezone,
    (SELECT coalesce(max(import_seq), 0) + 1 FROM imports);
