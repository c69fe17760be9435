"""`crm bench`: on little data every measurement says all it promises; the numbers themselves are for a person to read."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from crm import bench, database, demo
from crm.bench import measuring, opening, patterns, predicting, segmenting, together, workbooks
from crm.bench.importing import filled
from crm.bench.timing import Measured
from crm.customers import overview, same_people
from crm.patterns import classes, cohorts
from crm.ready import READY
from crm.segments import definition, ladder, overlap
from tests.conftest import crm
from tests.test_bad_input import run

STEPS = {
    "import": ["order_file", "item_file", "both"],
    "xlsx": ["workbook"],
    "facts": ["rebuild"],
    "explore": ["first_look", "click", "three_clicks"],
    "ladder": ["five_rungs"],
    "segment": [
        "five_rungs",
        "one_rung_more",
        *[f"members_{ladder}_{page}" for ladder in ("one", "five") for page in ("first", "middle", "last")],
    ],
    "together": ["overlap"],
    "patterns": ["rfm", "cohorts"],
}


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return demo.write_files(tmp_path_factory.mktemp("bench"), 200, measuring.AS_OF, 1000)


def positive(numbers: Iterable[float]) -> bool:
    return all(number > 0 for number in numbers)


def test_every_measurement_is_tested() -> None:
    assert set(bench.NAMES) == {*STEPS, "predict", "growth", "open", "crowd", "backup"}


@pytest.mark.parametrize("name", [name for name in STEPS if name != "import"])
def test_a_measurement_gives_each_step_beside_its_reference(paths: list[Path], tmp_path: Path, name: str) -> None:
    given = [workbooks.write(paths[0])] if name == "xlsx" else paths
    result = measuring.WORKS[name](given, tmp_path, measuring.AS_OF)
    assert set(result.ours) == set(result.reference) == set(STEPS[name])
    assert positive([*result.ours.values(), *result.reference.values()])


def test_the_prediction_is_measured_and_its_cells_by_hand_are_the_same(paths: list[Path], tmp_path: Path) -> None:
    result = measuring.WORKS["predict"](paths, tmp_path, measuring.AS_OF)
    assert list(result.ours) == ["cells", "fit", "spend_fit", "whole"]
    assert list(result.reference) == ["cells", "fit"]
    assert positive([*result.ours.values(), *result.reference.values()])
    store = database.open_store(tmp_path / "shop")
    by_hand = store.frame(predicting.BY_HAND, {"day": measuring.AS_OF})
    assert by_hand.equals(predicting.cells(store, measuring.AS_OF))
    assert 0 < result.more["groups"] == len(by_hand) <= result.more["people"] == by_hand.people.sum()
    store.close()


def test_a_ladder_by_hand_counts_the_same(paths: list[Path], tmp_path: Path) -> None:
    store = filled(paths, tmp_path)
    ours = ladder.count(store, definition.parse({"rungs": segmenting.five(measuring.AS_OF)}), measuring.AS_OF)
    by_hand = segmenting.by_hand(store, measuring.AS_OF)
    for place, rung in enumerate(ours, 1):
        depths = [row for row in by_hand if row[0] >= place]
        assert rung.customers == sum(row[1] for row in depths) > 0
        assert float(rung.spend) == pytest.approx(sum(float(row[2]) for row in depths))
        assert (rung.orders, rung.reachable["email"], rung.reachable["sms"]) == tuple(sum(row[at] for row in depths) for at in (3, 4, 5))


def test_classes_and_cohorts_written_by_hand_are_the_same(paths: list[Path], tmp_path: Path) -> None:
    store, day = filled(paths, tmp_path), measuring.AS_OF
    ours = {one.name: (one.people, float(one.spend)) for one in classes.compute(store, day) if one.people}
    rows = store.frame(patterns.RFM, {"day": day})
    names = [
        ("key_" if row.m else "plain_") + ("value", "growth", "keep", "winback")[2 * (not row.r) + (not row.f)] for row in rows.itertuples()
    ]
    assert ours == dict(zip(names, zip(rows.people, rows.spend.astype(float), strict=True), strict=True))
    by_hand = {(row.cohort, row.later): (row.people, row.orders, float(row.spend)) for row in store.frame(patterns.COHORTS).itertuples()}
    months = cohorts.compute(store, day).rows
    first = min(month for month, _ in by_hand)
    cells = {
        (first + n, at): (cell.people, cell.orders, float(cell.spend))
        for n, row in enumerate(months)
        for at, cell in enumerate(row.cells)
        if cell.people
    }
    assert [row.key for row in months] == [cohorts.named(first + n) for n in range(len(months))]
    assert cells == by_hand
    store.close()


def test_the_overlap_written_by_hand_finds_the_same(paths: list[Path], tmp_path: Path) -> None:
    store = filled(paths, tmp_path)
    found = overlap.compute(store, together.definitions(), measuring.AS_OF)
    by_hand = {row.bits: (row.customers, row.spend) for row in together.by_hand(store, measuring.AS_OF).itertuples()}
    bits = {name: 1 << place for place, name in enumerate(found.names)}
    ours = {sum(bits[name] for name in one.inside): one.people for one in found.combinations} | {0: found.outside}
    assert {key: (group.customers, float(group.spend)) for key, group in ours.items()} == by_hand
    assert all(group.customers for group in found.segments.values())
    store.close()


def test_growth_is_an_import_beside_one_of_a_tenth(tmp_path: Path) -> None:
    parsed = json.loads(crm("bench", "growth", "--customers", "200", "--orders", "1000", "--json", data=tmp_path).stdout)
    assert (parsed["name"], parsed["customers"], parsed["orders"], parsed["reference_orders"]) == ("growth", 200, 1000, 100)
    for key in ("ours", "reference", "ratio", "text", "text_ratio", "rows_per_second", "peak_mb_of", "reference_peak_mb_of"):
        assert list(parsed[key]) == STEPS["import"]
        assert positive(parsed[key].values())
    assert positive([parsed["peak_mb"], parsed["reference_peak_mb"]])


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> tuple[Measured, Path]:
    """What was measured of opening pages, and the shop."""
    folder = tmp_path_factory.mktemp("opened")
    return opening.pages(folder, 300, 1500, measuring.AS_OF), folder / "shop"


def test_opening_is_what_is_made_ready_the_first_time_and_again(opened: tuple[Measured, Path]) -> None:
    result, _ = opened
    assert list(result.ours) == [*READY, *(f"{name}_again" for name in READY)]
    assert set(opening.BY_HAND) <= set(READY)
    assert list(result.reference) == [*opening.BY_HAND, *(f"{name}_again" for name in opening.BY_HAND)]
    assert positive([*result.ours.values(), *result.reference.values()])


def test_what_is_written_by_hand_finds_the_same(opened: tuple[Measured, Path]) -> None:
    store = database.open_store(opened[1])
    groups = same_people.kept(store).groups
    marks = {(mark.kind, mark.text) for group in groups for mark in group.marks}
    assert marks == {(row["kind"], row["mark"]) for row in store.rows(opening.SAME_PEOPLE)} != set()
    ours = {metric.kind.name: metric for metric in overview.compute(store, measuring.AS_OF)}
    by_hand = {row["place"]: row for row in store.rows(opening.PEOPLE_IN_SPANS, [measuring.AS_OF])}
    assert [by_hand.get(100 + place, {"customers": 0})["customers"] for place in range(30)] == ours["customers"].series[::-1]
    assert [by_hand[place]["again"] / by_hand[place]["customers"] for place in range(30)] == ours["repeat_buyer_rate"].series[::-1]
    assert (by_hand[200]["customers"], by_hand[201]["customers"]) == (ours["customers"].before, ours["customers"].last_year)
    store.close()


def test_a_crowd_clicks_on_a_running_server(tmp_path: Path) -> None:
    size = ("--customers", "200", "--orders", "1000", "--people", "3", "--period", "0.2", "--seconds", "2")
    parsed = json.loads(crm("bench", "crowd", *size, "--json", data=tmp_path).stdout)
    assert list(parsed["ours"]) == list(parsed["reference"]) == ["open", "open_p95", "click", "click_p95"]
    assert positive([*parsed["ours"].values(), *parsed["reference"].values()])
    assert (parsed["people"], parsed["errors"]) == (3, [])
    assert parsed["clicks"] >= 3


def test_clicks_while_a_backup_is_made(tmp_path: Path) -> None:
    parsed = json.loads(crm("bench", "backup", "--customers", "2000", "--orders", "8000", "--json", data=tmp_path).stdout)
    assert list(parsed["ours"]) == list(parsed["reference"]) == ["click", "click_p95"]
    assert parsed["clicks"] > 0
    assert parsed["backups"] > 0
    assert positive([*parsed["ours"].values(), *parsed["reference"].values(), parsed["database_mb"]])


def test_an_unknown_measurement_is_refused(tmp_path: Path) -> None:
    code, _, result = run("bench", "speed", data=tmp_path)
    assert (code, result) == (1, f"There is no measurement called “speed”. Known are: {', '.join(bench.NAMES)}.\n")
