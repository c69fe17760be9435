"""Exports that nobody here wrote: none may be wrong without a word, most are right at once, and the generator itself can be trusted."""

import json
from collections import Counter, defaultdict
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crm import database
from crm.settings import Shop
from tests.unknown import export, judge
from tests.unknown.export import generate
from tests.unknown.judge import ASKED, RIGHT, SAID, WRONG, Verdict
from tests.unknown.sheet import Row, Sheet
from tests.unknown.test_cases import terminal

TENS = range(0, 150, 10)
SHARE = 0.9
"""The aim: so many are right at once."""


@cache
def verdicts(first: int) -> dict[int, Verdict]:
    """Ten seeds judged."""
    return {seed: judge.judge(generate(seed)) for seed in range(first, first + 10)}


@pytest.mark.parametrize("first", TENS)
def test_nothing_is_wrong_without_a_word(first: int) -> None:
    wrong = {seed: verdict.differences for seed, verdict in verdicts(first).items() if verdict.outcome == WRONG}
    assert wrong == {}


def test_most_are_right_at_once() -> None:
    """What a person could not tell either does not count."""
    counted = Counter(verdict.outcome for first in TENS for seed, verdict in verdicts(first).items() if not generate(seed).unsure)
    assert counted[RIGHT] >= SHARE * counted.total(), counted


@pytest.mark.parametrize("seed", [0, 1, 3, 19])
def test_the_terminal_says_the_same(seed: int, tmp_path: Path) -> None:
    made = generate(seed)
    (tmp_path / made.name).write_bytes(made.data)
    store = database.open_store(tmp_path)
    database.save_shop(store, Shop(currency=made.currency))
    store.close()
    done = CliRunner().invoke(terminal(), ["import", str(tmp_path / made.name), "--data", str(tmp_path), "--json"])
    store = database.open_store(tmp_path)
    result, imports = judge.told(store.rows(judge.READ)), store.rows("SELECT count(*) AS n FROM imports")[0]["n"]
    store.close()
    verdict = judge.judge(made)
    if verdict.outcome == ASKED:
        assert (done.exit_code, imports, result.orders) == (1, 0, {})
        return
    assert done.exit_code == 0 and imports == 1
    rows = [one["row"] for one in json.loads(done.stdout)["files"][0]["rejections"]]
    lost = {made.rows[row] for row in rows if row in made.rows}
    assert judge.compared(result, made.truth, lost, has_id=made.has_id).differences == verdict.differences


def test_the_same_seed_gives_the_same_file() -> None:
    for seed in range(20):
        one, other = generate(seed), generate(seed)
        assert (one.data, one.truth) == (other.data, other.truth)
    assert len({generate(seed).data for seed in range(50)}) == 50


def test_the_truth_stands_in_the_cells() -> None:
    """Worked out anew from what the columns hold: what each order's money comes to, and what is kept of it."""
    for seed in range(400):
        made, _, truth = export.drawn(seed)
        assert kept(made) == {name: order.kept for name, order in truth.orders.items()}, seed


def kept(made: Sheet) -> dict[str, Decimal]:
    """Money kept by order, from the typed cells and what the status words mean."""
    cells = {column.role: column.cells for column in made.columns}
    total = next((cells[name] for name in ("gross_total", "paid_amount", "total") if name in cells), None)
    values: dict[str, Decimal] = defaultdict(Decimal)
    for place, row in enumerate(made.rows):
        values[row.order.id] += _of_row(made, row, place, cells, total)
    return dict(values)


def _of_row(made: Sheet, row: Row, place: int, cells: dict[str, list[Decimal]], total: list[Decimal] | None) -> Decimal:
    state = row.order.state
    unpaid = state in ("unpaid", "cancelled") and "paid_amount" not in cells
    back_by_word = state == "refunded" and made.traits.refunds == "none"
    if unpaid or back_by_word or (total is not None and not row.first and row.back is None):
        return Decimal(0)
    if total is not None:
        return total[place] - ((cells["refund"][place] or 0) if "refund" in cells else 0)
    return cells["line_total"][place] if "line_total" in cells else cells["price"][place] * cells["qty"][place]


def test_the_judge_sees_what_is_wrong() -> None:
    """Money, a buyer, a day, a region, an order: each alone is named; a warning that is about it makes it said."""
    truth = next(made.truth for made in map(generate, range(500)) if made.truth.regions == ("country", "region") and made.truth.repeat)
    name, order = next((name, order) for name, order in truth.orders.items() if order.kept and order.buyer and order.region)
    changes = {
        "kept": {"kept": order.kept + Decimal("0.01")},
        "refunded": {"refunded": Decimal(1)},
        "buyers": {"buyer": "somebody else"},
        "days": {"day": order.day.replace(year=2001)},
        "region": {"region": "Nowhere"},
        "currency": {"currency": "XXX"},
    }
    for kind, change in changes.items():
        other = export.replace(truth, orders=truth.orders | {name: export.replace(order, **change)})
        verdict = judge.settled(judge.compared(other, truth, set()))
        assert (verdict.outcome, [one.split(":")[0] for one in verdict.differences]) == (WRONG, [kind])
    fewer = export.replace(truth, orders={key: one for key, one in truth.orders.items() if key != name})
    assert judge.compared(fewer, truth, set()).differences[0].startswith("orders")
    assert judge.settled(judge.compared(fewer, truth, {name})).outcome == SAID
    assert judge.settled(judge.compared(truth, truth, set())).outcome == RIGHT
    late = judge.compared(
        export.replace(truth, orders=truth.orders | {name: export.replace(order, day=order.day.replace(year=2001))}), truth, set()
    )
    late.warnings = ["date_order"]
    assert judge.settled(late).outcome == SAID
