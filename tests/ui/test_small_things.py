"""Small things on screen: titles, empty cells, groups of a menu, what is kept when a condition changes, sentences about one."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from crm import database, uploads, words
from crm.customers import attributes
from crm.database import Store
from crm.imports import outcomes
from crm.imports.outcomes import Outcome
from crm.products import coverage
from crm.segments import filters
from crm.ui.customers import view
from crm.ui.orders import outcome, wording
from crm.ui.segments import fields
from tests.conftest import ROOT
from tests.customers.given import customer, fill, line, order
from tests.test_house import sentences
from tests.ui.test_results_pages import screen, shown  # noqa: F401
from tests.uploads.given import table, take

UI = sorted((ROOT / "crm" / "ui").rglob("*.py"))


def calls(name: str) -> list[tuple[str, ast.Call]]:
    """Every call of st.<name> on a screen."""
    nodes = [(file.name, node) for file in UI for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))]
    return [(file, node) for file, node in nodes if isinstance(node, ast.Call) and ast.unparse(node.func) == f"st.{name}"]


def told(call: ast.Call, name: str) -> Any:
    return next((ast.literal_eval(word.value) for word in call.keywords if word.arg == name), None)


def test_empty_cells_are_empty_and_no_list_offers_an_untranslated_choice() -> None:
    tables = [*calls("dataframe"), *calls("data_editor")]
    assert len(tables) > 8
    assert [f"{file}:{call.lineno}" for file, call in tables if told(call, "placeholder") != ""] == []
    lists = calls("multiselect")
    assert len(lists) > 2
    assert [f"{file}:{call.lineno}" for file, call in lists if told(call, "select_all") is not False] == []


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_dialog_has_a_title_in_the_language(shown: Any, language: str) -> None:  # noqa: F811
    page = shown("kpi.py", language)
    page.button(key="remove_demo").click().run()
    titles = [part.proto.dialog.title for part in page.get("dialog")]
    assert titles == [words.translate(language, "Remove the demo shop")]


def test_new_dossiers_are_not_new_customers(store: Store, tmp_path: Path) -> None:
    """All three are known by their orders: none is a new customer, and the numbers say so."""
    fill(store, [order(n, f"c{n}", "2026-01-02") for n in range(3)], [customer(f"c{n}", phone=f"1380000000{n}") for n in range(3)])
    result = take(store, table(tmp_path / "p.csv", "手机号,姓名", "13800000000,甲", "13800000001,乙", "13800000002,丙"))[0]
    counts = dict(outcome._counts(outcomes.read(result.details())))
    assert counts["New dossiers"] == 3
    assert "New customers" in counts
    assert "New" not in counts


@pytest.mark.parametrize("kind", sorted(uploads.KINDS))
def test_every_kind_says_what_is_new(kind: str) -> None:
    assert wording.counts(kind)["new"] != "New"
    assert len(set(wording.counts(kind).values())) == len(wording.counts(kind))


@pytest.mark.parametrize(
    ("own", "others", "missing"),
    [
        (("taobao_order_2017", ["orders", "buyers"]), [("taobao_item_2021", ["lines"])], ""),
        (("taobao_item_2021", ["lines"]), [("tmall_order_2026_short", ["orders", "buyers"])], ""),
        (("taobao_order_2017", ["orders", "buyers"]), [("jd_order_2026", ["lines"])], "products"),
        (("taobao_order_2017", ["orders", "buyers"]), [], "products"),
        (("taobao_order_2017", ["orders"]), [("taobao_item_2021", ["lines"])], "buyers"),
    ],
)
def test_what_another_file_of_the_import_says_is_not_missing(own: Any, others: Any, missing: str) -> None:
    run = [Outcome("", name, 0, tells=tells) for name, tells in [own, *others]]
    result = wording.tells(run[0].tells, outcome.beside(run[0], run))
    assert len(result) == bool(missing)
    assert missing in "".join(result)


def test_no_card_is_left_alone() -> None:
    for many in range(1, 25):
        names = [str(number) for number in range(many)]
        rows = view.rows_of(names)
        assert [name for _, some in rows for name in some] == names
        assert many == 1 or all(len(some) % columns == 0 for columns, some in rows)


def test_the_menu_has_every_field_once() -> None:
    assert sorted(fields.sorts()) == sorted([*attributes.every(), *fields.SPECIAL])
    titles = [fields.title(sort) for sort in fields.sorts()]
    assert len(set(titles)) == len(titles)
    groups = [title.partition(" · ")[0] for title in titles]
    assert [group for place, group in enumerate(groups) if group not in groups[:place]] == list(dict.fromkeys(groups))
    assert max(map(len, fields.groups().values())) <= 11


BOUGHT = {"bought": {"category": ["礼品"], "within_days": 90, "at_least": 2}}


@pytest.mark.parametrize(
    ("node", "sort", "kept"),
    [
        ({"field": "categories", "op": "one_of", "value": ["礼品", "文具"]}, "bought", {"bought": {"category": ["礼品", "文具"]}}),
        ({"field": "categories", "op": "is", "value": "礼品"}, "bought", {"bought": {"category": ["礼品"]}}),
        ({"field": "favourite_category", "op": "is", "value": "礼品"}, "categories", {"value": ["礼品"]}),
        ({"field": "products", "op": "contains", "value": "盒"}, "bought", {"bought": {"product": "盒"}}),
        (BOUGHT, "categories", {"field": "categories", "op": "one_of", "value": ["礼品"]}),
        ({"bought": {"category": "礼品"}}, "favourite_category", {"value": ["礼品"]}),
        ({"bought": {"product": "盒"}}, "products", {"field": "products", "op": "contains", "value": "盒"}),
    ],
)
def test_what_was_chosen_is_kept(node: dict[str, Any], sort: str, kept: dict[str, Any]) -> None:
    new = fields.carried(node, sort)
    assert filters.check(new) == new
    assert new | kept == new


@pytest.mark.parametrize(
    ("node", "sort"),
    [
        ({"field": "categories", "op": "none_of", "value": ["礼品"]}, "bought"),
        ({"field": "categories", "op": "is_unknown"}, "bought"),
        ({"field": "province", "op": "is", "value": "广东省"}, "bought"),
        ({"field": "products", "op": "one_of", "value": ["一", "二"]}, "bought"),
        ({"field": "categories", "op": "is", "value": "礼品"}, "province"),
        ({"bought": {"within_days": 9}}, "categories"),
    ],
)
def test_what_means_something_else_is_not_carried(node: dict[str, Any], sort: str) -> None:
    assert fields.carried(node, sort) == {}


def test_one_is_one() -> None:
    known = words.singular()
    assert set(known) <= sentences()
    counted = {
        one for one in sentences() if re.match(r"(Of |All \w+ \()?\**\{n\}\**( \w+)?\** (\w+s|people)\b", one) and "{all}" not in one
    }
    assert sorted(counted - set(known) - {one for one in counted if "--people" in one}) == []
    assert words.translate("en", "All words ({n} categories)", n="1") == "All words (1 category)"
    assert words.translate("en", "All words ({n} categories)", n="11") == "All words (11 categories)"
    assert words.translate("zh_CN", "All words ({n} categories)", n="1") == "全部关键词（1 个品类）"
    for many, one in known.items():
        assert set(re.findall(r"{(\w+)}", one)) <= set(re.findall(r"{(\w+)}", many))


def test_words_can_be_tried_where_no_product_is_left_for_them(store: Store) -> None:
    rows = [order(1, "a", "2026-01-02"), order(2, "b", "2026-01-03")]
    fill(store, rows, lines=[line(row, category="礼品", category_from="file") for row in rows])
    known = coverage.titles(store)
    assert known.empty
    change = coverage.effect(known, {"礼品": ["盒"]})
    assert change.empty
    assert {"product", "category", "after", "spend"} <= set(change.columns)


def test_the_products_page_answers_a_word_nobody_is_left_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = database.open_store(tmp_path)
    rows = [order(1, "a", "2026-01-02")]
    fill(store, rows, lines=[line(row, category="礼品", category_from="file") for row in rows])
    page = screen(tmp_path, monkeypatch, "products.py", "en")
    next(one for one in page.text_input if one.label == "Word in the title").set_value("anything").run()
    assert not page.error
    assert any(one.value == "No product would change." for one in page.caption)
    store.close()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_customers_leads_to_products_while_nothing_is_sorted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    store = database.open_store(tmp_path)
    rows = [order(1, "a", "2026-01-02")]
    fill(store, rows, lines=[line(row, category=None) for row in rows])
    page = screen(tmp_path, monkeypatch, "customers.py", language)
    items = [one.value for one in page.caption]
    text = "What they bought is in your files, but no product is in a category yet: there is no chart by category."
    assert words.translate(language, text) in items
    name = {"zh_CN": "买过的品类", "en": "Categories bought"}[language]
    assert not any(name in one for one in items)
    links = [part.proto.label for part in page.get("page_link")]
    assert words.translate(language, "Put products in categories") in links
    store.close()


def test_no_example_is_of_one_trade() -> None:
    """Placeholders and templates are seen by every shop."""
    kitchen = re.compile("锅|杯|刀|餐具|knife|kitchen|wok|\\bpan\\b")
    assert [file.name for file in UI if kitchen.search(file.read_text(encoding="utf-8"))] == []
    for upload in uploads.KINDS.values():
        assert not kitchen.search(" ".join([*upload.example.values(), *upload.english.values()]))
        assert all(text.isascii() for text in (upload.example | upload.english).values())


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("kind", sorted(uploads.KINDS))
def test_a_template_can_be_imported_as_it_is(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, language: str
) -> None:
    from crm.ui.orders import other_kinds

    monkeypatch.setattr(other_kinds, "language", lambda: language)
    path = tmp_path / "template.csv"
    path.write_bytes(other_kinds._template(uploads.KINDS[kind]))
    result = take(store, path)[0]
    assert (result.kind, result.rejections) == (kind, [])
    assert result.counts.get("new", result.counts.get("opt_ins")) == 1
