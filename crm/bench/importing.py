"""Measuring the import of order files and the making of the facts, beside DuckDB doing the least that could be called the same."""

from datetime import date, datetime
from functools import partial
from pathlib import Path

import duckdb

from crm import database
from crm.bench.timing import Measured, Steps, once, ratios, rounded, typical, watched
from crm.customers import facts as customer_facts
from crm.database import Store, save_shop
from crm.demo.catalogue import CATEGORY_RULES
from crm.imports import steps
from crm.imports.results import FileResult
from crm.settings import Shop

NOW = datetime(2026, 11, 21)
FILES = ("order_file", "item_file")
_CHUNK = 1 << 22

ORDERS = """
    CREATE OR REPLACE TABLE raw_orders AS
    SELECT regexp_replace("订单编号", '^="(.*)"$', '\\1') AS order_id, "买家会员名" AS buyer, "买家支付宝账号" AS email,
           "订单状态" AS status,
           string_split("收货地址", ' ')[1] AS province, string_split("收货地址", ' ')[2] AS city,
           TRY_CAST("订单创建时间" AS TIMESTAMP) AS created_at, TRY_CAST("订单付款时间" AS TIMESTAMP) AS paid_at,
           TRY_CAST("总金额" AS DECIMAL(12, 2)) AS payable, TRY_CAST("买家实际支付金额" AS DECIMAL(12, 2)) AS paid,
           coalesce(TRY_CAST("退款金额" AS DECIMAL(12, 2)), 0) AS refunded, TRY_CAST("宝贝总数量" AS INTEGER) AS items
    FROM read_csv(?, header = true, all_varchar = true, quote = '"', escape = '"', strict_mode = false)
"""
LINES = """
    CREATE OR REPLACE TABLE raw_lines AS
    SELECT regexp_replace(column00, '^="(.*)"$', '\\1') AS order_id, column01 AS product, TRY_CAST(column02 AS DECIMAL(12, 2)) AS price,
           TRY_CAST(column03 AS INTEGER) AS quantity
    FROM read_csv(?, header = false, skip = 1, all_varchar = true, quote = '"', escape = '"', strict_mode = false, null_padding = true)
"""
TEXT_ORDERS = """
    CREATE OR REPLACE TABLE text_orders AS
    SELECT * FROM read_csv(?, header = true, all_varchar = true, quote = '"', escape = '"', strict_mode = false)
"""
TEXT_LINES = """
    CREATE OR REPLACE TABLE text_lines AS
    SELECT *
    FROM read_csv(?, header = false, skip = 1, all_varchar = true, quote = '"', escape = '"', strict_mode = false, null_padding = true)
"""
"""The least there is: the file, in UTF-8 already, kept as text."""
FACTS = """
    CREATE OR REPLACE TABLE raw_facts AS
    WITH bought AS (
        SELECT *, date_diff('day', lag(day) OVER (PARTITION BY customer_id ORDER BY purchased_at, order_key), day) AS gap
        FROM orders WHERE is_purchase AND customer_id IS NOT NULL
    ), placed AS (
        SELECT customer_id, count(*) AS placed_orders, count(*) FILTER (is_lost) AS lost_payments FROM orders GROUP BY customer_id
    ), per_category AS (
        SELECT customer_id, category, sum(amount) AS spend FROM order_lines WHERE is_purchase GROUP BY customer_id, category
    ), favourite AS (SELECT customer_id, arg_max(category, spend) AS favourite_category FROM per_category GROUP BY customer_id),
    counted AS (
        SELECT customer_id, count(*) AS purchases, sum(spend) AS spend, max(spend) AS largest_order, min(purchased_at) AS first_purchase_at,
               max(purchased_at) AS last_purchase_at, median(gap) AS interval_days
        FROM bought GROUP BY customer_id
    )
    SELECT * FROM placed LEFT JOIN counted USING (customer_id) LEFT JOIN favourite USING (customer_id) JOIN customers USING (customer_id)
"""


def files(paths: list[Path], folder: Path, as_of: date) -> Measured:
    """The order file, then the item file, into an empty database; and both at once, as a person drops them in."""
    ours, peaks, rates = _ours(paths, folder)
    plain = duckdb.connect(str(folder / "reference.duckdb"))
    plain.execute("SET enable_progress_bar = false")
    statements = zip(FILES, (ORDERS, LINES), (TEXT_ORDERS, TEXT_LINES), paths, strict=True)
    reference, text = {}, {}
    for step, kept, as_text, path in statements:
        reference[step] = once(partial(_by_hand, plain, kept, path, folder))
        text[step] = once(partial(plain.execute, as_text, [str(_utf8(path, folder))]))
    for took in (reference, text):
        took["both"] = sum(took.values())
    more = {"text": rounded(text), "text_ratio": ratios(ours, text), "rows_per_second": rates, "peak_mb_of": rounded(peaks)}
    return Measured(ours, reference, more)


def _ours(paths: list[Path], folder: Path) -> tuple[Steps, Steps, dict[str, int]]:
    """Milliseconds, megabytes and rows per second of each step, facts included. Of `both` the rows are orders."""
    ours, peaks, rates = {}, {}, {}
    for home, each in (("apart", dict(zip(FILES, ([path] for path in paths), strict=True))), ("together", {"both": paths})):
        store = empty(folder / home)
        for step, chosen in each.items():
            ours[step], peaks[step], rates[step] = taken(store, chosen)
        store.close()
    return ours, peaks, rates


def taken(store: Store, paths: list[Path]) -> tuple[float, float, int]:
    """Milliseconds and megabytes of an import, and the orders (of an item file the lines) per second."""
    items: list[FileResult] = []
    took, peak = watched(lambda: items.extend(steps.import_orders(store, paths, now=NOW)))
    return took, peak, round((items[0].orders or items[0].lines) / took * 1000)


def facts(paths: list[Path], folder: Path, as_of: date) -> Measured:
    """The facts of every customer, from orders that are already there."""
    store = filled(paths, folder)

    def ours() -> None:
        with store.transaction() as change:
            customer_facts.rebuild(change)

    def reference() -> None:
        with store.transaction() as change:
            change.execute(FACTS)

    return Measured({"rebuild": typical(ours, 3)}, {"rebuild": typical(reference, 3)})


def filled(paths: list[Path], folder: Path) -> Store:
    """A database with the files imported."""
    store = empty(folder)
    steps.import_orders(store, paths, now=NOW)
    return store


def empty(folder: Path) -> Store:
    """A new database in a folder, with the demo shop's categories."""
    store = database.open_store(folder / "shop")
    save_shop(store, Shop(category_rules=CATEGORY_RULES))
    return store


def _by_hand(connection: duckdb.DuckDBPyConnection, sql: str, path: Path, folder: Path) -> None:
    """Transcode, read, cast, store: nothing is checked, merged or derived."""
    text = _utf8(path, folder)
    with path.open(encoding="gb18030", newline="") as source, text.open("w", encoding="utf-8", newline="") as target:
        while chunk := source.read(_CHUNK):
            target.write(chunk)
    connection.execute(sql, [str(text)])


def _utf8(path: Path, folder: Path) -> Path:
    return folder / f"{path.stem}.utf8.csv"
