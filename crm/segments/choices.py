"""The values of a field that really occur, so that a person can choose instead of typing."""

from datetime import date

import ibis

from crm.database import Store
from crm.segments import filters, scope

MOST = 500


def known(store: Store, name: str, as_of: date) -> list[str]:
    """The values of a text field, the most frequent first, at most 500."""
    field, within = filters.field_of(name), scope.at(store, as_of)
    rows = field.of(within) if field.rows else within.facts.select(value=field.of(within))
    counted = rows.filter(rows.value.notnull()).group_by("value").aggregate(people=ibis._.count())
    lines = store.read(counted.order_by([ibis.desc("people"), "value"]).limit(MOST))
    return [str(value) for value in lines["value"]]
