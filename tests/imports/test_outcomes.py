"""What a run said of its files is read back as it was said; where its job was cut off, from what was written down."""

import json
from dataclasses import asdict, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from crm import jobs, works
from crm.cli.base import as_text
from crm.database import Store
from crm.imports import history, outcomes
from crm.imports.file_warnings import FileWarning
from crm.imports.outcomes import Amount, Change, Outcome
from crm.imports.results import FileResult, Rejection
from crm.settings import Environment
from crm.worker import Worker
from tests.imports.given import NOW, take, write, write_orders

CASES = Path(__file__).parent / "cases"
LATER = {"tells": [], "warnings": [], "changes": [], "without_currency": 0}


def kept(results: list[FileResult]) -> list[Outcome]:
    """As a job keeps them and gives them back."""
    values: dict[str, Any] = json.loads(json.dumps({"files": [result.details() for result in results]}, default=str))
    return [outcomes.read(one) for one in values["files"]]


def test_what_a_file_came_to_is_read_back_whole(store: Store, tmp_path: Path) -> None:
    take(store, write_orders(tmp_path / "a.csv", {}))
    [result] = kept(take(store, write_orders(tmp_path / "b.csv", {"退款金额": "40.00"}, {"订单编号": '="2"', "订单创建时间": "坏"})))
    assert (result.rows, result.orders, result.orders_changed, result.rejected, result.kind) == (2, 1, 1, 1, "orders")
    assert (result.first_day, result.last_day, Decimal(result.amount or 0)) == ("2026-07-08", "2026-07-08", 60)
    assert [(one.currency, one.orders, Decimal(one.amount)) for one in result.amounts] == [("CNY", 1, 60)]
    assert result.rejections == [Rejection(3, "订单创建时间", "坏", result.rejections[0].reason)]
    assert result.changes == [Change("1" * 17, "completed", "completed", "100.00", "100.00", "0.00", "40.00")]
    assert result.tells == ["orders", "buyers"]


def test_what_is_not_told_is_nothing(store: Store) -> None:
    read = outcomes.read({"file": "a", "format": "f", "rows": 1, "rejections": [], "amounts": None, "amount": None, "of_later": 1})
    assert read == Outcome("a", "f", 1)
    assert outcomes.read(asdict(read) | {"warnings": [FileWarning("utc", {}).as_json()]}).warnings == [FileWarning("utc", {})]


def test_a_job_that_was_cut_off_after_its_import_says_what_was_written_down(store: Store, tmp_path: Path) -> None:
    paths = [CASES / "three_currencies.csv", write_orders(tmp_path / "a.csv", {}, {"订单编号": '="2"', "订单创建时间": "坏"})]
    job_id = jobs.ask(store, works.Import([str(path) for path in paths]), NOW)
    jobs.start(store, job_id, NOW)
    result = kept(take(store, *paths))
    Worker(store, Environment())._pick_up()
    job = jobs.get(store, job_id)
    assert job and job.state == "done"
    values = {entry.file: entry for entry in outcomes.of(job)}
    told = [replace(entry, rejections=[replace(row, value=None) for row in entry.rejections]) for entry in result]  # no cells in job rows
    assert values == {entry.file: replace(entry, **LATER) for entry in told}
    assert [amount.currency for amount in values["three_currencies.csv"].amounts] == ["CNY", "JPY", "USD"]
    assert Amount("CNY", 1, "100.00") in values["three_currencies.csv"].amounts


def test_a_job_that_was_cut_off_before_its_import_stays_interrupted(store: Store, tmp_path: Path) -> None:
    take(store, write(tmp_path / "a.csv", (CASES / "three_currencies.csv").read_text(encoding="utf-8")))
    job_id = jobs.ask(store, works.Import(["b.csv"]), NOW)
    jobs.start(store, job_id, NOW + timedelta(seconds=1))
    Worker(store, Environment())._pick_up()
    job = jobs.get(store, job_id)
    assert job and job.state == "interrupted"


def test_the_terminal_lists_imports_with_the_columns_of_their_table(store: Store) -> None:
    take(store, CASES / "three_currencies.csv")
    shown = json.loads(as_text({"imports": [asdict(row) for row in history.listed(store)]}, True))["imports"]
    columns = [row["column_name"] for row in store.rows("SELECT column_name FROM duckdb_columns() WHERE table_name = 'imports'")]
    assert [list(row) for row in shown] == [[name for name in columns if name not in ("mapping", "header")]]
    assert (shown[0]["file"], shown[0]["imported_at"], shown[0]["orders"]) == ("three_currencies.csv", NOW.isoformat(), 3)
