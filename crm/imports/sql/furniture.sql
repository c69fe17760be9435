-- Rows of the export itself (what a column means, how many records there are) are no orders that went wrong.
-- Writes staged.
DELETE FROM staged WHERE list_aggregate(list_transform($beginnings::TEXT[], lambda word: starts_with(order_id, word)), 'bool_or');
