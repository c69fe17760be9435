"""One customer's rows of any table: expressions that name nobody, so that writing them down as SQL is done once for all customers."""

from typing import Any

import ibis

from crm.database import Store
from crm.database.compiling import compiled, with_given
from crm.database.statements import Reader

WHO = ibis.table({"customer_id": "string"}, name="one_customer")
_GIVEN = {"one_customer": "SELECT $1::TEXT AS customer_id"}


def of(table: Any) -> Any:
    """Hers of a table's rows."""
    return table.semi_join(WHO, "customer_id")


def rows(store: Store | Reader, expression: Any, customer_id: str) -> list[dict[str, Any]]:
    """The rows of an expression in which `of` stands somewhere."""
    return store.rows(with_given(compiled(expression), _GIVEN), [customer_id])
