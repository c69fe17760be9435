"""`crm same`: suggest, join, list and take back from the terminal."""

import json
from pathlib import Path
from typing import Any

from tests.conftest import terminal
from tests.imports.given import write_orders


def test_join_and_undo_from_the_terminal(tmp_path: Path) -> None:
    data = tmp_path / "shop"
    rows = [{"订单编号": f'="{61000000000000001 + number}"', "买家会员名": f"tb{number}", "买家支付宝账号": ""} for number in range(2)]
    terminal("import", write_orders(tmp_path / "o.csv", *rows), data=data)

    def told(*words: str, ok: bool = True) -> Any:
        done = terminal("same", *words, "--json", data=data, check=ok)
        return json.loads(done.stdout) if ok else (done.returncode, done.stderr.strip())

    listed = told("list")
    assert [group["strength"] for group in listed["groups"]] == ["surest"]
    assert (listed["customers"], listed["repeat_buyer_rate"]) == ([2, 1], [0, 1])
    assert "13800000001" not in json.dumps(listed)
    answer = told("join", "--surest")
    assert (answer["joined"], answer["customers_before"], answer["customers_after"]) == (1, 2, 1)
    assert [row["batch_id"] for row in told("joined")["joined"]] == [answer["batch_id"]]
    assert told("join", "--surest", ok=False)[0] == 1
    assert told("undo", answer["batch_id"]) == {"undone": 1}
    assert told("apart", listed["groups"][0]["key"]) == {"set_apart": 1}
    assert told("list")["groups"] == []
