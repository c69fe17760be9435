"""Tables nobody knows: what is measured is no money, and addresses of very few are no buyers."""

from pathlib import Path

import pytest

from crm.database import Store
from crm.errors import AskError, CrmError
from tests.imports.given import take
from tests.imports.test_unknown_kinds import spent, table

WEIGHTS = (
    "Peso total (kg),Peso total,Total weight (kg),Total weight,Gesamtgewicht (kg),Gesamtgewicht,Poids total (kg),"
    "Poids total,总重量(kg),重量合计,Total (kg),Volumen total (m3),Total %,Total (%),合计（公斤）"
).split(",")


@pytest.mark.parametrize("name", WEIGHTS)
def test_what_is_measured_is_no_money(store: Store, tmp_path: Path, name: str) -> None:
    """Beside prices and numbers of pieces, or alone: never what was paid."""
    rows = [f"A{n},p{n}@example.com,2026-01-{n:02d},{n % 3 + 1},{10 + n}.50,{n * 0.35:.2f}" for n in range(1, 9)]
    try:
        take(store, table(tmp_path, f"Order No,E-Mail,Date,Quantity,Unit price,{name}", *rows))
        assert spent(store) == {f"A{n}": f"{(n % 3 + 1) * (10.5 + n):.2f}" for n in range(1, 9)}
    except AskError:
        assert spent(store) == {}
    alone = [f"{','.join(row.split(',')[:3])},{row.split(',')[-1]}" for row in rows]
    with pytest.raises(CrmError):
        take(store, table(tmp_path, f"Order No,E-Mail,Date,{name}", *alone))


@pytest.mark.parametrize("name", ["E-Mail", "Email", "E-mail du client", "Correo electrónico", "邮箱", "Phone"])
def test_two_addresses_in_a_hundred_sales_are_the_till_s_or_are_asked(store: Store, tmp_path: Path, name: str) -> None:
    who = ["13800000001", "13800000002"] if name == "Phone" else ["till@shop.example", "ela@shop.example"]
    file = table(tmp_path, f"Order No,{name},Date,Total", *[f"A{n},{who[n % 2]},2026-01-{n % 27 + 1:02d},{20 + n}.50" for n in range(100)])
    with pytest.raises(AskError, match=name):
        take(store, file)
    field = "buyer_phone" if name == "Phone" else "buyer_email"
    take(store, file, mapping={"columns": {field: None}})
    assert store.rows("SELECT count(*) AS n, count(customer_id) AS known FROM orders") == [{"n": 100, "known": 0}]
