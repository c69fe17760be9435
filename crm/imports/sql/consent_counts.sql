-- How many orders of this file say that the buyer may be written to, how many that not, and how many say nothing.
-- Reads file_orders.
SELECT count(*) FILTER (accepts_marketing) AS email_yes, count(*) FILTER (NOT accepts_marketing) AS email_no,
    count(*) FILTER (accepts_marketing IS NULL) AS email_silent
FROM file_orders;
