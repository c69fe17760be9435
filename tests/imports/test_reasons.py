"""Why a row is rejected: every reason has a code, every code is given somewhere, and none gets lost on its way."""

import re
from pathlib import Path

import pytest

from crm.database import Store
from crm.imports import rejecting
from crm.imports.results import CODES, REASONS, UPLOAD_REASONS, Rejection
from crm.layouts.vocabulary import READ
from tests.conftest import ROOT
from tests.imports.given import take, write_orders

REJECTING = re.compile(r"INSERT INTO rejects\s+SELECT row_no,(.*?)\bFROM\b", re.DOTALL)
WORD = re.compile(r"'([a-z_]+)'")


def texts(*names: str) -> str:
    files = [file for name in names for file in (ROOT / "crm").glob(name) if file.name != "results.py"]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def given_in_sql() -> set[str]:
    """The codes of all statements that reject rows of an order file; the long one writes `field:code`."""
    items = {word for statement in REJECTING.findall(texts("imports/*.py", "imports/sql/*.sql")) for word in WORD.findall(statement)}
    items |= set(re.findall(r"'[a-z_]+:([a-z_]+)'", texts("imports/sql/problems.sql"))) | {"count"}
    macro = texts("orders/sql/macros.sql").partition("no_amount(x)")[2].partition(";")[0]
    return (items | set(re.findall(r"(?:THEN|ELSE) '([a-z_]+)'", macro))) - set(READ)


def test_every_reason_of_an_order_file_is_given_and_has_a_sentence() -> None:
    in_python = {"fields", "unreadable", "unclosed"}  # rows without a shape
    assert all(f'"{code}"' in texts("imports/staging.py") for code in in_python)
    assert given_in_sql() | in_python == set(REASONS)


def test_every_reason_of_another_file_is_given() -> None:
    code = texts("uploads/*.py")
    assert sorted(reason for reason in UPLOAD_REASONS if f'"{reason}"' not in code) == []


@pytest.mark.parametrize("reason", [*REASONS.values(), *UPLOAD_REASONS.values()])
def test_every_reason_has_a_code(reason: str) -> None:
    assert Rejection(1, None, None, reason).as_json()["code"] == CODES[reason]


def test_a_row_whose_code_has_no_sentence_is_still_listed(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejecting, "REASONS", {code: sentence for code, sentence in REASONS.items() if code != "missing"})
    (result,) = take(store, write_orders(tmp_path / "o.csv", {}, {"订单编号": ""}))
    assert (result.orders, [(row.row, row.reason) for row in result.rejections]) == (1, [(3, "missing")])
