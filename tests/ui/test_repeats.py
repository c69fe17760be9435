"""Rows of one order with different amounts, on the import page: asked like everything else, of the whole file; what its preview says."""

from decimal import Decimal
from pathlib import Path

import pytest

from crm.database import Store
from tests.imports.given import take, write
from tests.ui.test_asking import given, opened, roles, select, spent
from tests.ui.test_asking import shop as shop


def payments(path: Path, words: str = "completed completed completed completed completed", beside: str = "") -> Path:
    """Three orders, two of them on two rows with other amounts."""
    rows = ("A1,u1,03-01,30.00", "A1,u1,03-02,20.50", "A2,u2,03-03,45.00", "A3,u3,03-05,12.00", "A3,u3,03-04,8.00")
    items = [f"{row.replace(',03', ',2026-03')},{word}\n" for row, word in zip(rows, words.split(), strict=True)]
    return write(path, "Order No,Buyer,Date,Paid,Status\n" + "".join(items) + beside)


@pytest.mark.parametrize(("answer", "spend"), [("line", "115.50"), ("order", "77.50")])
def test_what_rows_of_one_order_are_is_asked_and_imported_as_said(shop: Store, tmp_path: Path, answer: str, spend: str) -> None:
    path = payments(tmp_path / "a.csv")
    assert roles(shop, path) == ["repeats"]
    app = opened(path)
    assert (given(app), app.radio[0].value) == (None, None)
    assert "what the rows of one order are" in app.warning[0].value
    assert "Each row is" not in [box.label for box in app.selectbox]
    app.radio[0].set_value(answer).run()
    result = given(app)
    assert result
    assert not app.warning
    assert opened(path, "zh_CN").radio[0].value == answer
    take(shop, path, mapping=result)
    assert spent(shop) == Decimal(spend)


def test_answers_can_be_changed_and_what_a_later_status_explains_is_not_asked(shop: Store, tmp_path: Path) -> None:
    app = opened(payments(tmp_path / "a.csv"))
    app.radio[0].set_value("line").run()
    app.radio[0].set_value("order").run()
    result = given(app) or {}
    assert (result["grain"], "amounts" in result) == ("order", False)
    path = payments(tmp_path / "b.csv", "pending completed completed completed pending")
    app = opened(path)
    assert (len(app.radio), bool(given(app))) == (0, True)
    take(shop, path)


def test_rows_of_one_order_are_asked_of_the_whole_file_and_of_the_column_that_was_chosen(shop: Store, tmp_path: Path) -> None:
    rows = [f"A{n},u{n % 90},{n + 10}.50,{n % 7 + 20}.75,2026-03-{n % 28 + 1:02d}\n" for n in range(6000)]
    path = write(tmp_path / "a.csv", "Order No,Customer,Total,Amount,Date\n" + "".join([*rows, "A17,u17,27.50,30.75,2026-03-30\n"]))
    app = opened(path)
    assert [len(app.radio), given(app)] == [1, None]
    app.radio[0].set_value(2).run()
    assert (len(app.radio), bool(given(app))) == (1, True)
    app.radio[0].set_value(3).run()
    assert (len(app.radio), given(app)) == (2, None)
    app.radio[1].set_value("line").run()
    take(shop, path, mapping=given(app))
    assert spent(shop) == sum(Decimal(n % 7 + 20) + Decimal("0.75") for n in range(6000)) + Decimal("30.75")


def test_a_header_without_rows_is_said(shop: Store, tmp_path: Path) -> None:
    app = opened(write(tmp_path / "a.csv", "Order No,Buyer,Date,Paid\n"))
    assert given(app) is None
    assert [one.value for one in app.warning] == ["It has a header and no rows below it. Please export it again."]


def test_the_preview_has_no_sign_of_another_currency(shop: Store, tmp_path: Path) -> None:
    head = "order_id,buyer,created_at,amount{}\n"
    rows = [f"A{n},b{n},2024-05-01 1{n}:00:00,{n + 10}0.00" for n in range(4)]
    coded = [f"{row},{code}\n" for row, code in zip(rows, ("CNY", "USD", "JPY", "USD"), strict=True)]
    named = write(tmp_path / "a.csv", head.format(",currency") + "".join(coded))
    assert list(opened(named).dataframe[-1].value["Paid"]) == ["100.00", "110.00", "120.00", "130.00"]
    app = opened(write(tmp_path / "b.csv", head.format("") + "".join(f"{row}\n" for row in rows)))
    assert app.dataframe[-1].value["Paid"][0] == "¥100.00"
    select(app, "Currency", "USD")
    assert app.dataframe[-1].value["Paid"][0] == "$100.00"
