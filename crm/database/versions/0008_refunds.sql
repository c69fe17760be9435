-- One row per refund and import that told it: refund reports beside the order files. Append-only. A shop of '' means: that of the order.
CREATE TABLE refund_rows (
    platform TEXT NOT NULL, shop TEXT NOT NULL, order_id TEXT NOT NULL, refund_id TEXT NOT NULL, status TEXT NOT NULL,
    amount DECIMAL(12, 2) NOT NULL, settled_at TIMESTAMP, import_id TEXT NOT NULL, import_seq BIGINT NOT NULL
);
