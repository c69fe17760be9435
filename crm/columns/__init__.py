"""What the cells of a column say: how its numbers and its dates are written. Texts in, values out; no database.

`numbers`: `decide` how a whole column writes its numbers, `parse` a cell that way. `dates`: whether a cell `looks` like a date, `read` it.
`money`: the signs, codes and words of currencies.
"""
