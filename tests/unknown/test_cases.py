"""Inputs written by hand, each through `crm import`: right, or asked with exit 1 and nothing recorded, as its answer allows."""

import importlib
import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from crm import cli, database
from crm.settings import Shop

FOLDER = Path(__file__).parent / "cases"
ANSWERS: dict[str, dict[str, Any]] = json.loads((FOLDER / "answers.json").read_text(encoding="utf-8"))


@cache
def terminal() -> typer.Typer:
    """All verbs, as `crm` has them."""
    app = typer.Typer(pretty_exceptions_enable=False)
    for area in cli.AREAS:
        importlib.import_module(f"crm.cli.{area}").register(app)
    return app


def taken(name: str, data: Path) -> tuple[Result, list[dict[str, Any]], int]:
    """Import a case into an empty shop of its currency; what the terminal said, the orders, how many imports are recorded."""
    data.mkdir()
    store = database.open_store(data)
    database.save_shop(store, Shop(currency=ANSWERS[name].get("currency", "CNY")))
    store.close()
    done = CliRunner().invoke(terminal(), ["import", str(FOLDER / name), "--data", str(data), "--json"])
    store = database.open_store(data)
    try:
        return done, store.rows("SELECT * FROM orders"), store.rows("SELECT count(*) AS n FROM imports")[0]["n"]
    finally:
        store.close()


@pytest.mark.parametrize("name", ANSWERS)
def test_a_case_is_right_or_asked(name: str, tmp_path: Path) -> None:
    answer = ANSWERS[name]
    done, orders, imports = taken(name, tmp_path / "shop")
    if done.exit_code == 1:
        assert "asked" in answer["allow"], done.output
        assert imports == 0 and orders == []
        assert done.exception is None or isinstance(done.exception, SystemExit)
        if answer.get("map", True):
            assert "--map" in done.stderr
        assert answer.get("says", "") in done.stderr or answer["part"] != 8
        return
    assert done.exit_code == 0, done.output
    assert "right" in answer["allow"], f"taken over without a question: {done.stdout[:500]}"
    entry = json.loads(done.stdout)["files"]
    sayings = [f"{warning['code']} {warning['sentence']}" for one in entry for warning in one["warnings"]]
    assert not answer.get("says") or any(answer["says"] in saying for saying in sayings), sayings
    rejected = sum(one["rejected"] for one in entry)
    wanted = [answer | other for other in answer.get("or", [])]
    faults = [differences(one, orders, rejected) for one in (answer, *wanted)]
    assert [] in faults, faults


def differences(answer: dict[str, Any], orders: list[dict[str, Any]], rejected: int) -> list[str]:
    """What of the answer is otherwise."""
    kept = {row["order_id"]: str(row["spend"]) for row in orders}
    back = {row["order_id"]: str(row["refunded"]) for row in orders if row["is_paid"] and row["refunded"]}
    bought: dict[str, int] = {}
    for row in orders:
        if row["customer_id"]:
            bought[row["customer_id"]] = bought.get(row["customer_id"], 0) + row["is_purchase"]
    days = sorted(str(row["day"]) for row in orders)
    values = {
        "kept": kept,
        "orders": len(orders),
        "purchases": sum(row["is_purchase"] for row in orders),
        "spend": str(sum((row["spend"] for row in orders), Decimal(0))),
        "buyers": len(bought) or None,
        "repeat": sum(number > 1 for number in bought.values()) if bought else None,
        "days": [days[0], days[-1]] if days else [],
        "rejected": rejected,
        "provinces": provinces(orders),
    }
    wanted = {"rejected": 0} | {key: value for key, value in answer.items() if key in values}
    faults = [f"{key}: {values[key]} for {value}" for key, value in wanted.items() if values[key] != value]
    if "kept" in answer and back != answer.get("refunded", {}):
        faults.append(f"refunded: {back} for {answer.get('refunded', {})}")
    return faults


def provinces(orders: list[dict[str, Any]]) -> dict[str, str]:
    """Money kept by province; orders of none under a blank. Empty when the file tells no province at all."""
    values: dict[str, Decimal] = {}
    for row in orders:
        values[row["province"] or ""] = values.get(row["province"] or "", Decimal(0)) + row["spend"]
    return {name: str(money) for name, money in values.items() if money} if set(values) - {""} else {}


def test_each_part_has_its_inputs() -> None:
    parts = [answer["part"] for answer in ANSWERS.values()]
    assert {part: parts.count(part) >= 10 for part in (1, 4, 5, 6, 8)} == dict.fromkeys((1, 4, 5, 6, 8), True)
    assert {file.name for file in FOLDER.iterdir()} == {*ANSWERS, "answers.json"}
