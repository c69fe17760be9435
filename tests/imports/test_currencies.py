"""Currencies: by whatever name a file gives them, never added; converted by the shop's rates of the day, or left out and named."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm import database, uploads
from crm.customers import deciding, kpi, other_currencies
from crm.database import Store
from crm.errors import BadInputError
from crm.imports.results import FileResult
from crm.imports.steps import ImportOptions
from crm.orders import rates
from crm.orders.rates import Rate
from crm.settings import Shop
from tests.imports.given import NOW, one, state, write
from tests.shares import examples

CASES = Path(__file__).parent / "cases"
HEADER = "order_id,buyer,created_at,amount,currency\n"
TODAY = date(2026, 11, 1)


def shop(store: Store, currency: str = "CNY") -> Store:
    """A shop that has said its currency."""
    database.save_shop(store, Shop(currency=currency))
    return store


def take(store: Store, *paths: Path, **options: object) -> list[FileResult]:
    return uploads.import_files(store, paths, now=NOW, options=ImportOptions(**options))  # type: ignore[arg-type]


def orders(folder: Path, *rows: str, name: str = "orders.csv", header: str = HEADER) -> Path:
    return write(folder / name, header + "".join(row + "\n" for row in rows))


def told(folder: Path, *rows: str, header: str = "date,currency,rate\n") -> Path:
    return orders(folder, *rows, name="rates.csv", header=header)


def money(store: Store) -> tuple[float, list[tuple[str, int, float]]]:
    """The sum, and what is not in it."""
    result = kpi.compute(store, TODAY)
    return float(result.numbers["spend"] or 0), [(row.currency, row.orders, row.amount) for row in result.other_currencies]


def test_three_currencies_are_three_amounts(store: Store) -> None:
    result = take(shop(store), CASES / "three_currencies.csv")[0]
    assert money(store) == (100.0, [("JPY", 1, 1_000_000.0), ("USD", 1, 100.0)])
    assert [(row["currency"], row["orders"], float(row["amount"])) for row in result.amounts] == [
        ("CNY", 1, 100.0),
        ("JPY", 1, 1_000_000.0),
        ("USD", 1, 100.0),
    ]
    assert (result.amount, result.currency, [warning.code for warning in result.warnings]) == (None, None, ["currency"])
    outcome = kpi.compute(store, TODAY).numbers
    assert (outcome["customers"], outcome["orders"], outcome["average_order_value"], outcome["spend_per_customer"]) == (3, 3, 100.0, 100.0)
    assert one(store, "SELECT amount, currency, timezone FROM imports") == {"amount": None, "currency": None, "timezone": "Asia/Shanghai"}


@pytest.mark.parametrize(
    "words", [("RMB", "US$", "円"), ("人民币", "美元", "日元"), ("cny", "usd", "jpy"), ("元", "$", "JP¥"), (" CNY ", "USD", "yen")]
)
def test_words_are_one_with_their_codes(store: Store, tmp_path: Path, words: tuple[str, ...]) -> None:
    rows = [f"A{number},b{number},2024-05-01 10:00:00,{number}00.00,{word}" for number, word in enumerate(words, 1)]
    take(shop(store), orders(tmp_path, *rows))
    assert money(store) == (100.0, [("JPY", 1, 300.0), ("USD", 1, 200.0)])


def test_a_word_that_nobody_knows_is_said_and_in_no_sum(store: Store, tmp_path: Path) -> None:
    result = take(shop(store), orders(tmp_path, "A1,a,2024-05-01,10,CNY", "A2,b,2024-05-01,99,gold coins"))[0]
    assert [(warning.code, warning.values) for warning in result.warnings] == [("currency_words", {"n": 1, "names": "GOLD COINS"})]
    assert money(store) == (10.0, [("GOLD COINS", 1, 99.0)])


def test_an_order_in_two_currencies_is_in_neither(store: Store, tmp_path: Path) -> None:
    header = "order_id,buyer,created_at,product,line amount,currency\n"
    rows = ["A1,a,2024-05-01,pan,10,CNY", "A1,a,2024-05-01,pot,20,USD", "A2,b,2024-05-01,pan,7,CNY", "A2,b,2024-05-01,lid,3,rmb"]
    take(shop(store), orders(tmp_path, *rows, header=header))
    assert money(store) == (10.0, [("CNY+USD", 1, 30.0)])


def test_the_rate_of_the_day_is_the_latest_on_or_before_it_never_a_later_one(store: Store, tmp_path: Path) -> None:
    days = ["2024-04-30", "2024-05-01", "2024-05-09", "2024-05-10"]
    file = orders(tmp_path, *[f"A{number},b,{day} 12:00:00,10.00,USD" for number, day in enumerate(days)])
    take(shop(store), file, told(tmp_path, "2024-05-01,USD,7", "2024-05-10,USD,8"))
    rows = store.rows("SELECT day::TEXT AS day, spend::DOUBLE AS spend FROM orders ORDER BY day")
    assert [row["spend"] for row in rows] == [0, 70, 70, 80]
    assert money(store) == (220.0, [("USD", 1, 10.0)])
    assert kpi.compute(store, TODAY).numbers["average_order_value"] == pytest.approx(220 / 3)


def test_a_shop_that_never_said_its_currency_has_that_of_its_first_orders(store: Store, tmp_path: Path) -> None:
    result = take(store, orders(tmp_path, "A1,a,2024-05-01,10,eur", "A2,a,2024-05-02,20,EUR", "A3,b,2024-05-02,5,USD"))[0]
    assert [warning.code for warning in result.warnings] == ["currency", "adopted"]
    assert (database.load_shop(store).currency, *money(store)) == ("EUR", 30.0, [("USD", 1, 5.0)])
    later = take(store, orders(tmp_path, "B1,c,2024-05-03,10,USD", "B2,c,2024-05-04,10,USD", "B3,c,2024-05-05,1,USD", name="later.csv"))[0]
    assert ([warning.code for warning in later.warnings], database.load_shop(store).currency) == (["currency"], "EUR")


def test_a_dry_run_decides_nothing(store: Store, tmp_path: Path) -> None:
    result = take(store, orders(tmp_path, "A1,a,2024-05-01,10,EUR"), dry_run=True)[0]
    assert [warning.code for warning in result.warnings] == ["adopted"]
    assert database.load_shop(store).currency == "CNY"


def test_a_file_without_a_currency_is_in_the_shop_s_and_follows_it(store: Store, tmp_path: Path) -> None:
    header = "order_id,buyer,created_at,amount\n"
    result = take(shop(store), orders(tmp_path, "A1,a,2024-05-01,10", "A2,b,2024-05-01,5", header=header))[0]
    assert (result.without_currency, result.currency, result.amount, result.warnings) == (2, "CNY", Decimal("15.00"), [])
    deciding.change(store, {"currency": "EUR"}, NOW)
    assert (money(store), one(store, "SELECT DISTINCT currency FROM orders")) == ((15.0, []), {"currency": "EUR"})


def test_a_map_file_says_the_currency_of_a_table(store: Store, tmp_path: Path) -> None:
    columns = {"order_id": "order_id", "buyer_id": "buyer", "created_at": "created_at", "paid_amount": "amount"}
    table = orders(tmp_path, "A1,a,2024-05-01,10", header="order_id,buyer,created_at,amount\n")
    take(shop(store), table, mapping={"columns": columns, "currency": "US$"})
    assert money(store) == (0.0, [("USD", 1, 10.0)])
    with pytest.raises(BadInputError, match="“shells” is no currency"):
        take(store, table, mapping={"columns": columns, "currency": "shells"})


def test_refunds_and_lines_are_converted_with_their_order(store: Store, tmp_path: Path) -> None:
    header = "order_id,buyer,created_at,product,category,line amount,refund amount,currency\n"
    rows = ["A1,a,2024-05-01,pan,pans,30,4,USD", "A2,a,2024-05-02,pan,pans,50,,CNY"]
    take(shop(store), orders(tmp_path, *rows, header=header), told(tmp_path, "2024-01-01,USD,7"))
    facts = one(store, "SELECT spend, refunded, largest_order, purchases, summed_purchases FROM customer_facts")
    assert facts == {
        "spend": Decimal("232.00"),
        "refunded": Decimal("28.00"),
        "largest_order": Decimal("182.00"),
        "purchases": 2,
        "summed_purchases": 2,
    }


def test_categories_add_up_to_the_spend(store: Store, tmp_path: Path) -> None:
    header = "order_id,buyer,created_at,product,category,line amount,currency\n"
    rows = [
        "A1,a,2024-05-01,pan,pans,10,USD",
        "A1,a,2024-05-01,pot,pots,20,USD",
        "A2,a,2024-05-02,pan,pans,50,CNY",
        "A3,a,2024-05-02,lid,lids,9,EUR",
    ]
    take(shop(store), orders(tmp_path, *rows, header=header), told(tmp_path, "2024-01-01,USD,7"))
    whole = store.rows("SELECT category, spend::DOUBLE AS spend FROM customer_categories WHERE spend > 0 ORDER BY category")
    assert [tuple(row.values()) for row in whole] == [("pans", 120.0), ("pots", 140.0)]
    assert money(store) == (260.0, [("EUR", 1, 9.0)])


AMOUNTS = st.lists(st.tuples(st.sampled_from(["CNY", "USD", "EUR", "JPY", "KWD"]), st.integers(1, 99_999)), min_size=1, max_size=12)


def _filled(rows: list[tuple[str, int]], folder: Path, *tables: str, last: bool = False) -> Store:
    result = shop(database.memory())
    lines = [f"A{number},b{number % 4},2024-05-{number % 28 + 1:02d},{cents / 100:.2f},{code}" for number, (code, cents) in enumerate(rows)]
    files = [orders(folder, *lines)] if lines else []
    files += [told(folder, *tables)] if tables else []
    for file in reversed(files) if last else files:
        take(result, file)
    return result


@settings(max_examples=examples(12))
@given(AMOUNTS)
def test_orders_in_other_currencies_change_no_sum(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int]]) -> None:
    folder = tmp_path_factory.mktemp("sum")
    spend, missing = money(_filled(rows, folder))
    assert spend == pytest.approx(sum(cents for code, cents in rows if code == "CNY") / 100)
    assert sum(n for _, n, _ in missing) == sum(code != "CNY" for code, _ in rows)
    for code, n, amount in missing:
        assert (n, amount) == (sum(c == code for c, _ in rows), pytest.approx(sum(cents for c, cents in rows if c == code) / 100))


@settings(max_examples=examples(8))
@given(AMOUNTS, st.booleans())
def test_a_rate_of_one_is_the_same_currency_whichever_file_comes_first(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int]], last: bool
) -> None:
    folder = tmp_path_factory.mktemp("one")
    table = [f"2024-01-01,{code},1" for code in ("USD", "EUR", "JPY", "KWD")]
    converted, same = _filled(rows, folder, *table, last=last), _filled([("CNY", cents) for _, cents in rows], folder)
    assert money(converted) == money(same) == (pytest.approx(sum(cents for _, cents in rows) / 100), [])
    assert converted.rows("SELECT * FROM customer_facts ORDER BY ALL") == same.rows("SELECT * FROM customer_facts ORDER BY ALL")


def test_rates_taken_back_restore_every_number(store: Store, tmp_path: Path) -> None:
    take(shop(store), CASES / "three_currencies.csv")
    before = state(store)
    import_id = take(store, told(tmp_path, "2024-01-01,USD,7.1", "2024-01-01,JPY,0.05"))[0].import_id
    assert money(store) == (50_810.0, [])
    assert uploads.undo(store, str(import_id), NOW)["rates_removed"] == 2
    assert state(store) == before
    deciding.set_rates(store, [Rate("USD", date(2024, 1, 1), Decimal(7))], NOW)
    assert money(store) == (800.0, [("JPY", 1, 1_000_000.0)])
    deciding.set_rates(store, [], NOW)
    assert state(store) == before


def test_changing_the_shop_s_currency_and_back_restores_every_number(store: Store) -> None:
    take(shop(store), CASES / "three_currencies.csv")
    deciding.set_rates(store, [Rate("USD", date(2024, 1, 1), Decimal(7))], NOW)
    before = state(store)
    deciding.change(store, {"currency": "USD"}, NOW)
    assert money(store) == (100.0, [("CNY", 1, 100.0), ("JPY", 1, 1_000_000.0)])
    deciding.change(store, {"currency": "CNY"}, NOW)
    assert state(store) == before
    assert rates.known(store, "USD") == []


def test_what_does_not_fit_is_left_out_and_named(store: Store, tmp_path: Path) -> None:
    take(shop(store, "VND"), orders(tmp_path, "A1,a,2024-05-01,900000000.00,KWD"), told(tmp_path, "2024-01-01,KWD,80000"))
    assert money(store) == (0.0, [("KWD", 1, 900_000_000.0)])


def test_of_some_customers_only_theirs_are_named(store: Store) -> None:
    take(shop(store), CASES / "three_currencies.csv")
    who = database.tables.customer_facts.filter(lambda row: row.nickname == "ben")
    assert [(row.currency, row.orders) for row in other_currencies.listed(store, who=who)] == [("USD", 1)]
