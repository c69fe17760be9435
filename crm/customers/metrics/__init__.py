"""Every number of the shop, one entry each: words, formula, expression, unit, which way is good, when it cannot be computed.

Pages, terminal and docs ask here (docs/metrics.md is made from it). P, the purchases, are paid orders that kept money after refunds. Sums
are over all of P; anything per customer is over identified customers. Money is the shop's currency, and what was converted into it.
"""

from crm.customers.metric import Metric
from crm.customers.metrics.returning import RETURNING
from crm.customers.metrics.rhythm import RHYTHM
from crm.customers.metrics.sales import SALES

ALL: tuple[Metric, ...] = (*SALES, *RETURNING, *RHYTHM)
"""In the order in which they are asked for."""
REGISTRY = {one.name: one for one in ALL}
