-- The other lines of an order that lost one: mended, the order has to be told whole again. They are no rejections (no reason).
-- Reads staged, rejects; writes refusals.
INSERT INTO refusals
SELECT row_no, NULL, NULL, '', NULL, true, NULL FROM staged
WHERE order_id IN (SELECT order_id FROM staged SEMI JOIN rejects USING (row_no) WHERE order_id IS NOT NULL) AND row_no NOT IN (SELECT row_no FROM rejects);
