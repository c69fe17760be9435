"""`crm import --keep-staging`: what each step of an import made, written down, also of a dry run that keeps nothing else."""

import csv
import json
from pathlib import Path

from tests.conftest import terminal
from tests.imports.given import write_items, write_orders


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_step_leaves_what_it_made(tmp_path: Path) -> None:
    orders = write_orders(tmp_path / "o.csv", {}, {"订单编号": '="22222222222222222"', "订单创建时间": "someday"})
    items = write_items(tmp_path / "i.csv", ("11111111111111111", "锅", "100.00", "1", "交易成功"))
    done = terminal("import", orders, items, "--dry-run", "--json", "--keep-staging", tmp_path / "staging", data=tmp_path / "data")
    assert [file["import_id"] for file in json.loads(done.stdout)["files"]] == [None, None]
    kept = tmp_path / "staging"
    assert [row["order_id"] for row in rows(kept / "o.csv/1-read/staged.csv")] == ["11111111111111111", "22222222222222222"]
    assert [(row["field"], row["reason"]) for row in rows(kept / "o.csv/2-clean/rejects.csv")] == [("created_at", "date")]
    assert [row["paid"] for row in rows(kept / "o.csv/2-clean/file_orders.csv")] == ["100.00"]
    assert [row["product"] for row in rows(kept / "i.csv/2-clean/file_lines.csv")] == ["锅"]
    terminal("import", orders, items, "--keep-staging", tmp_path / "again", data=tmp_path / "data")
    assert [row["spend"] for row in rows(tmp_path / "again/4-derive/orders.csv")] == ["100.00"]
