"""Given files: Taobao pairs and small tables written as the platforms write them."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from crm.database import Store
from crm.imports import steps
from crm.imports.results import FileResult
from crm.imports.steps import ImportOptions
from crm.layouts.registry import layouts

NOW = datetime(2026, 11, 1)
ORDER = {
    "订单编号": '="11111111111111111"',
    "买家会员名": "tb一",
    "买家支付宝账号": "a@example.com",
    "买家应付货款": "100.00",
    "买家应付邮费": "0.00",
    "总金额": "100.00",
    "买家实际支付金额": "100.00",
    "订单状态": "交易成功",
    "收货人姓名": "张三",
    "收货地址": "广东省 广州市 越秀区 路1号(510000)",
    "联系手机": "'13800000001",
    "订单创建时间": "2026-07-08 00:42:32",
    "订单付款时间": "2026-07-08 00:42:39",
    "宝贝标题": "锅",
    "宝贝总数量": "1",
    "店铺名称": "测试店",
    "卖家服务费": "0",
    "买家服务费": "0元",
    "退款金额": "0.00",
    "特权订金订单id": '=""',
}


def cell(text: str) -> str:
    """As Taobao writes it: ids as ="…" without quotes around, everything else quoted."""
    return text if text.startswith('="') else '"' + text.replace('"', '""') + '"'


def write_orders(path: Path, *orders: dict[str, str], layout: str = "taobao_order_2017", encoding: str = "gb18030") -> Path:
    """A Taobao order file; each order overrides what ORDER says."""
    header = layouts()[layout]["headers"]
    lines = [",".join(f'"{name}"' for name in header)]
    lines += [",".join(cell((ORDER | order).get(name.strip(), "")) for name in header) for order in orders]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return path


def write_items(path: Path, *items: tuple[str, str, str, str, str]) -> Path:
    """A Taobao item file (10 columns, 11 cells): (order id, title, price, quantity, status) each."""
    lines = ['"订单编号","标题","价格","购买数量","外部系统编号","商品属性","套餐信息","备注","订单状态","商家编码"']
    lines += [f'="{order}","{title}","{price}","{number}","S","","","","{status}","S",' for order, title, price, number, status in items]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("gb18030"))
    return path


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """Any text file."""
    path.write_bytes(text.encode(encoding))
    return path


def take(store: Store, *paths: Path, **options: Any) -> list[FileResult]:
    """Import."""
    return orders_only(store, paths, ImportOptions(**options))


def one(store: Store, sql: str = "SELECT * FROM orders") -> dict[str, Any]:
    """The only row of a query."""
    rows = store.rows(sql)
    assert len(rows) == 1, rows
    return rows[0]


DERIVED = ("orders", "order_lines", "customers")


def state(store: Store, *, imports: bool = False) -> str:
    """Everything derived, as text; without the ids of imports unless asked for."""
    values = {}
    for table in DERIVED:
        rows = store.rows(f"SELECT * FROM {table}")  # noqa: S608
        kept = [{key: str(value) for key, value in row.items() if imports or key != "import_id"} for row in rows]
        values[table] = sorted(json.dumps(row, ensure_ascii=False, sort_keys=True) for row in kept)
    return json.dumps(values, ensure_ascii=False, indent=1)


def orders_only(store: Store, paths: Sequence[Path], options: ImportOptions | None = None) -> list[FileResult]:
    """The steps of an import as far as orders, lines and customers: what is asked of the facts is tested elsewhere."""
    with steps.begun(store, options or ImportOptions(), NOW) as run:
        for path in paths:
            steps.take(run, path)
        steps.derive_orders(run)
    return run.results
