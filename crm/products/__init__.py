"""Products: the categories people put them in, and what products and categories earn.

assignments.assign(store, products, category)   put products in a category, with a way back
coverage                                        how much of the spend has a category, what has none, what new rules would do
"""
