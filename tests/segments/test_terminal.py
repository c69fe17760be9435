"""The terminal verbs of customers and segments: exactly the keys that are promised, sentences and exit codes for refusals."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from crm import clock, database
from crm.cli import customer as one_customer
from crm.cli import customers, metrics
from crm.segments import files, saved
from tests.customers.given import customer, fill, order

LADDER = {"name": "x", "rungs": [{"name": "buyers", "where": {"field": "purchases", "op": "at_least", "value": 1}}]}
KPI = (
    "customers orders spend identified_spend repeat_buyer_rate repeat_order_share second_purchase_rate spend_per_customer "
    "average_order_value median_repurchase_days repeat_spend_share pay_rate refund_rate other_currencies"
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with a small shop and a ladder file."""
    store = database.open_store(tmp_path / "shop")
    fill(store, [order(1, "a", "2025-01-01", 50), order(2, "b", "2025-01-02", is_lost=True)], [customer("a", province="广东省")])
    store.close()
    (tmp_path / "ladder.json").write_text(json.dumps(LADDER))
    return tmp_path


def run(data: Path, *words: str, code: int = 0) -> Any:
    app = typer.Typer()
    for area in (metrics, customers, one_customer):
        area.register(app)
    done = CliRunner().invoke(app, [*words, "--data", str(data / "shop"), "--as-of", "2025-06-30", "--json"])
    assert done.exit_code == code, done.output
    return done.stderr if code else json.loads(done.stdout)


def test_kpi(data: Path) -> None:
    numbers = run(data, "kpi", "--from", "2025-01-01", "--to", "2025-01-31", "--same-day", "merged")
    assert list(numbers) == KPI.split()
    assert (numbers["customers"], numbers["spend"], numbers["median_repurchase_days"], numbers["pay_rate"]) == (1, 50, None, 0.5)


def test_distribution(data: Path) -> None:
    assert run(data, "distribution", "province") == {
        "bins": [{"bin": "广东省", "customers": 1, "spend": 50}, {"bin": "unknown", "customers": 1, "spend": 0}]
    }
    assert run(data, "distribution", "province", "--segment", str(data / "ladder.json"))["bins"][0]["customers"] == 1
    assert "Known are: lapse, frequency, " in run(data, "distribution", "colour", code=1)


def test_segment_count_and_members(data: Path) -> None:
    assert run(data, "segment", "count", str(data / "ladder.json")) == {
        "rungs": [
            {
                "name": "buyers",
                "customers": 1,
                "dropped": 1,
                "spend": 50,
                "orders": 1,
                "average_order_value": 50,
                "capped": 0,
                "reachable": {"email": 0, "sms": 0, "call": 0},
            }
        ]
    }
    assert run(data, "segment", "members", str(data / "ladder.json"), "--out", str(data / "x.csv")) == {"rows": 1}
    assert "There is no segment" in run(data, "segment", "count", "fans", code=1)


def test_segment_why_and_customer_segments(data: Path) -> None:
    file = str(data / "ladder.json")
    told = run(data, "segment", "why", file, "o2")
    rung = {"name": "buyers", "on": False, "condition": "bought 1× or more", "holds": False, "value": 0}
    assert told == {"customer_id": "b", "member": False, "failed": "buyers", "rungs": [rung]}
    assert [run(data, "segment", "why", file, "a")[name] for name in ("member", "failed")] == [True, None]
    assert "Nobody is found by “nobody”" in run(data, "segment", "why", file, "nobody", code=1)
    store = database.open_store(data / "shop")
    kept = saved.save(store, files.from_file(data / "ladder.json"), clock.now())
    store.close()
    inside = [{"segment_id": kept, "name": "x", "inside": True}]
    assert run(data, "customer", "segments", "a") == {"customer_id": "a", "segments": inside}


def test_a_file_that_cannot_be_written_gets_a_sentence(data: Path) -> None:
    for out in (data / "nowhere" / "x.csv", data):
        assert "cannot be written" in run(data, "segment", "members", str(data / "ladder.json"), "--out", str(out), code=1)


def test_a_segment_with_an_unknown_field_gets_a_sentence_and_writes_nothing(data: Path) -> None:
    text = json.dumps({"name": "x", "rungs": [{"name": "r", "where": {"field": "purchase", "op": "is", "value": 1}}]})
    (data / "bad.json").write_text(text)
    assert "Nearest known: purchases" in run(data, "segment", "members", str(data / "bad.json"), "--out", str(data / "y.csv"), code=1)
    assert not (data / "y.csv").exists()


def test_money_in_no_sum_is_named_beside_it(data: Path) -> None:
    with database.open_store(data / "shop").transaction() as change:
        change.execute("UPDATE orders SET currency = 'USD', rate = NULL, spend = 0 WHERE is_purchase")
    missing = [{"currency": "USD", "orders": 1, "amount": 50}]
    assert run(data, "kpi")["other_currencies"] == missing
    assert run(data, "distribution", "province")["other_currencies"] == missing
    assert run(data, "segment", "count", str(data / "ladder.json"))["rungs"][0]["other_currencies"] == missing


def test_segments_together(data: Path) -> None:
    (data / "lost.json").write_text(
        json.dumps({"rungs": [{"name": "r", "where": {"field": "lost_payments", "op": "at_least", "value": 1}}]})
    )
    buyers, lost = str(data / "ladder.json"), str(data / "lost.json")
    one, nobody = {"customers": 1, "spend": 50}, {"customers": 0, "spend": 0}
    found = run(data, "segment", "overlap", buyers, lost)
    assert found["segments"] == [{"name": "x", **one}, {"name": lost, "customers": 1, "spend": 0}]
    assert [(row["in"], row["customers"]) for row in found["combinations"]] == [([lost], 1), (["x"], 1)]
    assert (found["any"], found["all"], found["none"]) == ({"customers": 2, "spend": 50}, nobody, nobody)
    assert "Between 2 and 5 segments" in run(data, "segment", "overlap", buyers, code=1)
    compared = run(data, "segment", "compare", buyers, lost)
    assert compared["people"] == {"a": 1, "b": 1, "all": 2}
    assert list(compared["bins"][0]) == ["dimension", "bin", "a", "b", "all", "too_few"]
    assert run(data, "segment", "compare", buyers)["people"]["b"] == 2
    points = run(data, "segment", "history", buyers, "--weeks", "2")["points"]
    assert points == [{"day": "2025-06-23", **one}, {"day": "2025-06-30", **one}]
