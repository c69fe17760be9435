-- Of the lines told by this file, keep what is new and remember what was told before. $1 import id, $2 its number.
INSERT INTO line_repeats
SELECT platform, shop, order_id, line_id, telling, $1, $2 FROM told_lines SEMI JOIN line_rows USING (platform, shop, order_id, line_id, telling);
INSERT INTO line_rows BY NAME
SELECT *, $1 AS import_id, $2 AS import_seq FROM told_lines ANTI JOIN line_rows USING (platform, shop, order_id, line_id, telling);
