-- One row per order of this file: its records are orders.
-- Reads file_records; makes file_orders.
CREATE OR REPLACE TEMP VIEW file_orders AS FROM file_records;
