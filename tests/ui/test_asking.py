"""What an unknown table leaves open, on the import page: asked where the terminal refuses, with no answer beforehand, imported as said."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from crm import database, words
from crm.columns.assignment import PLAIN_FIELDS
from crm.database import Store
from crm.errors import AskError
from crm.imports.results import REASONS
from crm.layouts import asking
from crm.layouts.vocabulary import RANK
from crm.ui.orders import reasons, wording
from tests.imports.given import take, write

HEAD = "Order No,E-Mail,Date,{},{},Status\n"


def page() -> None:
    """The mapping of one file, as the import page draws it."""
    from pathlib import Path

    import streamlit as st

    from crm.imports import inspection
    from crm.ui import session
    from crm.ui.orders import mapping

    path = Path(st.session_state["file"])
    if "seen" not in st.session_state:
        st.session_state["seen"] = inspection.inspect_file(path, session.store())
    st.session_state["given"] = mapping.columns(st.session_state["seen"], path)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("CRM_DATA", str(tmp_path / "shop"))
    return database.open_store(tmp_path / "shop")


def opened(path: Path, language: str = "en") -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["language"], app.session_state["file"] = language, str(path)
    app.run()
    assert not app.exception
    return app


def given(app: AppTest) -> dict[str, Any] | None:
    values: dict[str, Any] | None = app.session_state["given"]
    return values


def select(app: AppTest, label: str, value: str) -> None:
    next(box for box in app.selectbox if box.label.startswith(label)).set_value(value).run()
    assert not app.exception


def roles(store: Store, path: Path) -> list[str]:
    with pytest.raises(AskError) as refused:
        take(store, path)
    return [question.role for question in refused.value.questions]


def spent(store: Store) -> Decimal:
    return Decimal(store.rows("SELECT sum(paid - refunded) AS n FROM orders WHERE is_purchase")[0]["n"])


def totals(path: Path, one: str, two: str, day: str = "2026-03-{:02d}", word: str = "completed") -> Path:
    rows = [f"A{n},u{n % 4}@example.com,{day.format(n + 1)},{n + 10}.50,{n + 20}.75,{word}\n" for n in range(12)]
    return write(path, HEAD.format(one, two) + "".join(rows))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Total", "Amount"),
        ("Amount", "Order Total"),
        ("金额", "总额"),
        ("Betrag", "Gesamtbetrag"),
        ("Montant", "Total"),
        ("Importe", "Total pedido"),
    ],
)
@pytest.mark.parametrize("answer", [3, 4])
def test_two_totals_that_differ_are_asked_and_imported_as_said(shop: Store, tmp_path: Path, one: str, two: str, answer: int) -> None:
    path = totals(tmp_path / "a.csv", one, two)
    assert roles(shop, path) == ["amount"]
    app = opened(path)
    assert (given(app), app.radio[0].value, sorted(app.radio[0].options)) == (None, None, sorted([one, two]))
    assert "which column is what the customer paid" in app.warning[0].value
    app.radio[0].set_value(7 - answer).run()
    app.radio[0].set_value(answer).run()
    result = given(app)
    assert result
    assert not app.warning
    take(shop, path, mapping=result)
    assert spent(shop) == sum(Decimal(n + (10 if answer == 3 else 20)) + Decimal("0.50" if answer == 3 else "0.75") for n in range(12))


@pytest.mark.parametrize("odd", ["In Klärung", "parked", "已寄存", "wird geprüft von Uwe", "Stage 4", "à voir", "rojo", "X9"])
def test_words_nobody_knows_are_asked_with_counts_of_the_whole_file(shop: Store, tmp_path: Path, odd: str) -> None:
    rows = [f"A{n},u{n % 90}@example.com,2026-03-01,{n % 7 + 1}.50,{odd if n % 4 == 0 else 'completed'}\n" for n in range(6000)]
    path = write(tmp_path / "a.csv", "Order No,E-Mail,Date,Paid,Status\n" + "".join(rows))
    assert roles(shop, path) == ["words"]
    app = opened(path)
    asked = [box for box in app.selectbox if box.value is None]
    assert [box.label.replace("\\", "") for box in asked] == [f"{odd} · 1,500 ×"]
    assert given(app) is None
    asked[0].set_value("cancelled").run()
    assert (given(app) or {})["statuses"] == {odd: "cancelled"}
    take(shop, path, mapping=given(app))
    assert shop.rows("SELECT count(*) AS n FROM orders WHERE is_purchase")[0]["n"] == 4500


def test_what_a_known_word_means_can_be_changed_and_changed_back(shop: Store, tmp_path: Path) -> None:
    path = totals(tmp_path / "a.csv", "Paid", "Weight", word="pending")
    app = opened(path)
    assert "statuses" not in (given(app) or {"statuses": 1})
    select(app, "pending", "completed")
    assert (given(app) or {})["statuses"] == {"pending": "completed"}
    select(app, "pending", "unpaid")
    assert "statuses" not in (given(app) or {"statuses": 1})


@pytest.mark.parametrize(("order", "days"), [("dmy", 1), ("mdy", 12)])
def test_dates_that_could_be_either_way_must_be_chosen(shop: Store, tmp_path: Path, order: str, days: int) -> None:
    path = totals(tmp_path / "a.csv", "Paid", "Weight", day="{:02d}/04/2026")
    assert roles(shop, path) == ["dates"]
    app = opened(path)
    assert (given(app), [box.value for box in app.selectbox if box.label == "Dates are written"]) == (None, [None])
    select(app, "Dates are written", order)
    assert (given(app) or {})["date_order"] == order
    take(shop, path, mapping=given(app))
    assert shop.rows("SELECT count(DISTINCT month(created_at + INTERVAL 8 HOUR)) AS n FROM orders")[0]["n"] == days


@pytest.mark.parametrize(("sign", "paid"), [(".", "7.44"), (",", "7443")])
def test_numbers_that_could_be_either_way_must_be_chosen(shop: Store, tmp_path: Path, sign: str, paid: str) -> None:
    rows = [f"A{n},u{n}@example.com,2026-03-01,{cell}\n" for n, cell in enumerate(("1.234", "2.345", "3.864"))]
    path = write(tmp_path / "a.csv", "Order No,E-Mail,Date,Paid\n" + "".join(rows))
    assert roles(shop, path) == ["numbers"]
    app = opened(path)
    assert (given(app), [box.value for box in app.selectbox if box.label == "Numbers are written"]) == (None, [None])
    select(app, "Numbers are written", sign)
    take(shop, path, mapping=given(app))
    assert spent(shop) == Decimal(paid)


def test_a_language_that_writes_the_day_first_is_not_asked(shop: Store, tmp_path: Path) -> None:
    rows = "".join(f"A{n},u{n}@example.com,0{n}/04/2026,{n}.50\n" for n in range(1, 9))
    path = write(tmp_path / "a.csv", "Bestellnummer,E-Mail,Bestelldatum,Gesamtbetrag\n" + rows)
    result = given(opened(path))
    assert result
    assert result["date_order"] == "dmy"
    take(shop, path)
    days = shop.rows("SELECT order_id, created_at FROM orders ORDER BY 1")
    take(shop, path, mapping=result)
    assert shop.rows("SELECT order_id, created_at FROM orders ORDER BY 1") == days


def test_answers_survive_a_reload_and_are_remembered_with_the_header(shop: Store, tmp_path: Path) -> None:
    path = totals(tmp_path / "a.csv", "Total", "Amount", day="{:02d}/04/2026", word="parked")
    first = opened(path)
    first.radio[0].set_value(4).run()
    select(first, "parked", "unpaid")
    again = opened(path, "zh_CN")
    assert again.radio[0].value == 4
    assert [box.value for box in again.selectbox if box.label.startswith("parked")] == ["unpaid"]
    assert given(again) is None
    select(again, "日期写法", "dmy")
    take(shop, path, mapping=given(again))
    later = totals(tmp_path / "b.csv", "Total", "Amount", day="{:02d}/05/2026", word="parked")
    later.write_text(later.read_text(encoding="utf-8").replace("parked", "towed", 2), encoding="utf-8")
    third = opened(later)
    assert (len(third.radio), given(third)) == (0, None)
    select(third, "towed", "completed")
    assert (given(third) or {})["statuses"] == {"parked": "unpaid", "towed": "completed"}


@pytest.mark.parametrize(("answer", "buyers"), [(1, 1), (2, 12)])
def test_one_account_beside_many_addresses_is_asked(shop: Store, tmp_path: Path, answer: int, buyers: int) -> None:
    rows = "".join(f"A{n},walkin7,u{n}@example.com,2026-03-{n + 1:02d},{n + 1}.50\n" for n in range(12))
    path = write(tmp_path / "a.csv", "Order No,Customer ID,E-Mail,Date,Paid\n" + rows)
    assert roles(shop, path) == ["buyer"]
    app = opened(path)
    assert given(app) is None
    app.radio[0].set_value(answer).run()
    take(shop, path, mapping=given(app))
    assert shop.rows("SELECT count(DISTINCT customer_id) AS n FROM orders")[0]["n"] == buyers


def test_none_of_them_is_an_answer(shop: Store, tmp_path: Path) -> None:
    rows = "".join(f"A{n},{'retailx' if n % 2 else 'wholesalex'},2026-03-01,{n % 7 + 1}.50\n" for n in range(40))
    path = write(tmp_path / "a.csv", "Order No,Customer ID,Date,Paid\n" + rows)
    assert roles(shop, path) == ["buyer"]
    app = opened(path)
    app.radio[0].set_value(-1).run()
    result = given(app)
    assert result
    assert "buyer_id" not in result["columns"]
    assert given(opened(path)) == result
    take(shop, path, mapping=result)
    assert shop.rows("SELECT count(*) AS n FROM orders WHERE customer_id IS NOT NULL")[0]["n"] == 0


def test_every_word_of_it_has_its_place() -> None:
    assert set(wording.statuses()) == set(RANK)
    assert set(PLAIN_FIELDS) <= set(wording.fields())
    assert set(reasons.open_roles()) == set(asking.CHOICE)
    result = words.catalogue("zh_CN")
    asked = [one.template for one in (*asking.CHOICE.values(), *asking.NONE.values())]
    needed = [*asked, *REASONS.values()]
    assert [sentence for sentence in needed if sentence not in result] == []
