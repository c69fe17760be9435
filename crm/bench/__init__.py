"""How fast this machine is: our steps beside hand-written DuckDB on the same invented data, in the same run.

run(name, customers, orders)     name is one of NAMES; the keys of `crm bench`
"""

from crm.bench.measuring import NAMES, run

__all__ = ["NAMES", "run"]
