"""Whole exports as shops, tills and books write them in five languages, with numbers worked out by somebody who did not know the import.

`asked` in answers.json: it may be asked; what is taken over has to be right all the same. `rejected`: a refund whose order cannot be
known is a rejected row, and all that differs.
"""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crm import database, uploads
from crm.errors import CrmError
from crm.imports.results import REASONS
from tests.imports.given import NOW

FOLDER = Path(__file__).parent / "exports"
ANSWERS: dict[str, dict[str, Any]] = json.loads((FOLDER / "answers.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ANSWERS)
def test_an_export_is_right_or_asked(name: str) -> None:
    answer, store = ANSWERS[name], database.memory()
    try:
        result = uploads.import_files(store, [FOLDER / f"{name}.csv"], now=NOW)[0]
    except CrmError as refusal:
        assert answer.get("asked"), str(refusal)
        assert store.rows("SELECT 1 FROM imports") == []
        return
    if answer.get("rejected"):
        assert result.rejected and {row.reason for row in result.rejections} & {REASONS["no_original"]}
        return
    orders = store.rows("SELECT * FROM orders")
    paid = [row for row in orders if row["is_paid"]]
    buyers = {row["customer_id"] for row in paid if row["customer_id"]}
    values = {"orders": len(orders), "buyers": len(buyers), "kept": sum((row["spend"] or 0 for row in orders), Decimal(0))}
    for key, value in values.items():
        assert key not in answer or value in [Decimal(one) for one in answer[key]], f"{key}: {value} for {answer[key]}"
    counts = {len(paid), sum((row["spend"] or 0) > 0 for row in orders)}
    assert "paid_orders" not in answer or counts & {int(one) for one in answer["paid_orders"]}, (
        f"paid: {counts} for {answer['paid_orders']}"
    )
    assert set(answer.get("says", [])) <= {warning.code for warning in result.warnings}


def test_every_export_has_its_answer() -> None:
    assert {file.name for file in FOLDER.iterdir()} == {"answers.json", *(f"{name}.csv" for name in ANSWERS)}
    assert sum("asked" not in answer for answer in ANSWERS.values()) >= len(ANSWERS) * 0.5
