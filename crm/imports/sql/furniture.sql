-- Rows of the export itself (what a column means, how many records there are) are no orders that went wrong. $1 how they begin.
DELETE FROM staged WHERE list_aggregate(list_transform($1::TEXT[], lambda word: starts_with(order_id, word)), 'bool_or');
