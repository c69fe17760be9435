"""What is remembered of looking at single customers, and the keys of the inputs. Keys reach the browser: no id or name stands in one."""

from dataclasses import dataclass

from crm.ui import session


class Key(session.Keys):
    ORDERS = "customer_orders"


@dataclass
class LookedAt:
    table: str = ""  # the table in which a row is chosen whose customer was opened
    times: int = 0  # how often somebody was opened from a table: each time it gets another key, so that no row stays chosen
