-- A list of movements: money that came in by a sale is an order, money that went out to its buyer a refund of the order it names. What is
-- neither (fees, transfers, conversions, holds, what the shop itself bought) is said row by row.
-- Reads typed; writes rejects.
INSERT INTO rejects
SELECT row_no, CASE WHEN given THEN 'reference_id' ELSE 'row_kind' END, CASE WHEN given THEN 'no_reference' ELSE 'no_sale' END
FROM (
    SELECT row_no, reference_id, coalesce(list_contains($refunds::TEXT[], lower(row_kind)) AND paid_amount < 0, false) AS given,
        coalesce(list_contains($sales::TEXT[], lower(row_kind)) AND coalesce(paid_amount >= 0, true), false) AS sold
    FROM typed)
WHERE NOT sold AND (NOT given OR reference_id IS NULL);
