"""What we know of each customer, from their orders: facts, distributions, the shop's numbers, one customer's page.

facts.table(store, as_of)          one row per customer, exact for any day
facts.rebuild(change)              after every import, inside its transaction
derived.rebuild(change)            all of it made anew
distributions.compute(…)           customers and spend per bin of a dimension
kpi.compute(…)                     the shop's numbers with their formulas
coverage.of(store, as_of)          which days the imported orders cover
comparisons.compute(…)             the shop's numbers against before and last year, where they are covered
overview.compute(…)                the boss's six, against before and last year
months.compute(store, as_of)       sales by month, whole or not
lookup.customer(store, id)         one customer
"""
