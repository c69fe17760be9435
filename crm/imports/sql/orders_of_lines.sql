-- One row per order of this file: what its records of lines come to.
-- Reads file_orders_whole; makes file_orders.
CREATE OR REPLACE TEMP VIEW file_orders AS FROM file_orders_whole;
