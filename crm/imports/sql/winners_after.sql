-- Which records of the orders in this file win now.
-- Reads winners; makes winners_after.
CREATE OR REPLACE TEMP TABLE winners_after AS FROM winners;
