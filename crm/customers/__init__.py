"""What we know of each customer, from their orders: facts, distributions, the shop's numbers, one customer's page.

facts.table(store, as_of)          one row per customer, exact for any day
facts.rebuild(change)              after every import, inside its transaction
intake.import_orders(store, paths) the one entry for order files
distributions.compute(…)           customers and spend per bin of a dimension
kpi.compute(…)                     the shop's numbers with their formulas
overview.compute(…)                the boss's six, against before and last year
lookup.customer(store, id)         one customer
"""
