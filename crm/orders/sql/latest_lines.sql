-- Of several records of a line the one that wins: the later status, the larger refund, the later import.
-- Reads line_versions; makes winning_lines.
CREATE OR REPLACE TEMP TABLE winning_lines AS
SELECT order_key, line, record_id, amount, refunded, hash(line_id) AS mark FROM line_versions
QUALIFY row_number() OVER (PARTITION BY order_key, line_id ORDER BY status_rank DESC, refunded DESC, seq DESC, record_id) = 1;
