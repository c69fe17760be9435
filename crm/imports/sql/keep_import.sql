-- One import.
INSERT INTO imports (import_id, file, file_hash, format, encoding, platform, shop, "rows", orders, orders_new, orders_changed, orders_unchanged, lines,
    customers_new, rejected, first_day, last_day, mapping, demo, imported_at,
    kind, amount, currency, without_buyer, actor, header, amounts, timezone, import_seq)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, (SELECT coalesce(max(import_seq), 0) + 1 FROM imports);
