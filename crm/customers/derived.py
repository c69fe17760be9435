"""What is derived from orders and uploads, made anew as a whole: order tables, profiles, facts. One transaction each."""

from crm import database, jobs
from crm.customers import facts, profiles
from crm.database import Store, Transaction
from crm.orders import derive


def rebuild(change: Transaction) -> None:
    """Make what follows from orders and uploads anew: profiles, then facts."""
    profiles.rebuild(change)
    facts.rebuild(change)


def renew(change: Transaction, customer_id: str, identity_key: str) -> None:
    """The same of one customer alone, after something was written of her (not of what she bought) under one of her keys."""
    profiles.renew(change, customer_id, identity_key)
    facts.renew(change, customer_id)


def recategorise(store: Store, report: jobs.Report = jobs.silent) -> None:
    """Make order lines and facts anew after a change of category rules or assignments, in one transaction."""
    with store.transaction(alone=True) as change:
        report("Giving every product its category", 0, 3)
        derive.relabel(change, database.load_shop(store))
        report("Making the customers anew", 1, 3)
        rebuild(change)
        report("Keeping it", 2, 3)


def refresh(store: Store, force: bool = False) -> None:
    """Rebuild what is derived when its tables were made anew (after an update of Huitou), or when forced; otherwise nothing."""
    if store.derived_is_stale or force:
        with store.transaction(alone=True) as change:
            derive.rebuild(change, database.load_shop(store))
            rebuild(change)
        store.derived_is_stale = False
