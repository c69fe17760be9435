"""What only a whole column can say of a table nobody knows, asked where it says it in two ways; and its status words, each with ours."""

import re

import pandas as pd

from crm.columns import statuses as words
from crm.columns.asking import Candidate, Question
from crm.columns.numbers import Decision
from crm.columns.values import NOBODY
from crm.database import Transaction
from crm.orders import asking, sql, statuses
from crm.orders.layouts import Layout
from crm.orders.tables import Table

TEXTS = (
    "status_raw", "buyer_id", "buyer_email", "buyer_phone", "receiver_name", "item_title", "sku_code", "city", "province", "country",
    "channel", "shop_name", "currency", "nickname", "first_name", "last_name", "receiver_address", "category", "created_at", "paid_at",
)  # fmt: skip
TOTALS = (
    r"(grand |sub|sous-|sub-|day |daily |monthly |tages|monats|wochen|gesamt|zwischen|end)*"
    r"(totals?|totaux|totale|totales|sum|summe|suma)( .*|:|：)?"
    r"|(本日|当日|本月|当月|本页|当页|本周|日|月|页)?(合计|总计|共计|小计|汇总|总数)[:：]?"
)
"""What a cell says in a row of totals, in small letters."""
SAYS_SO = sorted((words.YES | {"storniert", "cancelled", "returned", "✓", "√"}) - {"s", "o"})
FLAGS = {"void_raw": ("cancelled", SAYS_SO), "returned_raw": ("refunded", SAYS_SO), "done_raw": ("not completed", sorted(words.NO))}
"""Columns that ask whether a row was cancelled, given back or completed: the status that an answer means, and the answer."""
BUYERS = ("buyer_id", "buyer_email", "buyer_phone")
MONEY = ("paid_amount", "total_amount", "line_amount", "unit_price", "refund_amount", "shipping_fee")
BOTH = " · "
"""Between an order's status and its payment's, where a table has a column for each."""
WITH_GUESTS = ("taobao", "jd")
"""Platforms whose accounts are never made up for guests."""


def gather(change: Transaction, layout: Layout) -> None:
    """Put the status of the payment beside that of the order, and take out buyers who are nobody."""
    if "payment_raw" in layout.columns:
        change.execute("UPDATE staged SET status_raw = nullif(concat_ws($1, status_raw, payment_raw), '')", [BOTH])
    for flag, (word, answers) in FLAGS.items():
        if flag in layout.columns:
            said = f"list_contains($2::TEXT[], lower({sql.quoted(flag)}))"
            change.execute(f"UPDATE staged SET status_raw = concat_ws($1, status_raw, '{word}') WHERE {said}", [BOTH, answers])  # noqa: S608 (our own words)
    if "buyer_id" in layout.columns and "account" in layout.identity and layout.platform not in WITH_GUESTS:
        change.execute("UPDATE staged SET buyer_id = NULL WHERE list_contains($1::TEXT[], lower(buyer_id))", [sorted(NOBODY)])


def totals(change: Transaction, layout: Layout) -> None:
    """Rows of totals: one of their cells says so, and they name neither an order nor a buyer."""
    texts = [field for field in TEXTS if field in layout.columns]
    if layout.known or not texts:
        return
    said = " OR ".join(f"regexp_full_match(lower({sql.quoted(field)}), $1)" for field in texts)
    nobody = "order_id IS NULL AND " + " AND ".join(f"coalesce(regexp_full_match(lower({field}), $1), true)" for field in BUYERS)
    statement = f"INSERT INTO bad SELECT row_no, 'order_id', 'total' FROM cells WHERE {nobody} AND ({said})"  # noqa: S608 (names only)
    change.execute(statement, [TOTALS])


def status(raw: str, layout: Layout) -> str:
    """Our status of a file's text: what a person said of it, what its platform means by it, else what its words say."""
    told = layout.extra.get("statuses", {})
    if raw in told:
        return str(told[raw])
    if layout.known:
        return statuses.resolve(raw, layout.statuses)
    if "payment_raw" not in layout.columns and BOTH not in raw:
        return words.answer(raw)
    own, *others = raw.split(BOTH)
    return words.worst(words.meaning(own), *map(words.answer, others))


def refund(raw: str, layout: Layout) -> str:
    """`refunded`, `refunding` or `none` of a text about the refund, or of what sort of row it is."""
    if layout.known:
        return statuses.refund(raw, layout.statuses)
    if words.gives_back(raw):
        return "refunded"
    return {"closed_refunded": "refunded", "refunding": "refunding"}.get(words.meaning(raw), "none")


def ask_words(seen: pd.DataFrame, file: str) -> None:
    """Raise AskError where a status means nothing to us: the file's own words with how often each is there."""
    unknown = seen[(seen["status"] == words.UNKNOWN) & (seen["n"] > 0)].groupby("raw")["n"].sum().sort_values(ascending=False)
    if len(unknown):
        found = tuple(Candidate("status_raw", -1, str(raw), "words", (f"{count} ×",)) for raw, count in unknown.items())
        raise asking.refusal(file, [Question("words", found)])


def ask_written(change: Transaction, table: Table, ambiguous: bool, told: dict[str, Decision]) -> None:
    """Raise AskError where all dates could be day first or month first, or amounts be read in two ways, and nothing shows which."""
    if ambiguous:
        places = [
            row["x"]
            for row in change.rows(
                "SELECT coalesce(created_at, paid_at) AS x FROM cells WHERE coalesce(created_at, paid_at) IS NOT NULL LIMIT 1"
            )
        ]
        raise asking.refusal(
            table.title, [Question("dates", tuple(Candidate("created_at", -1, _as_it_stood(table, x), "dates") for x in places))]
        )
    unclear = [(field, one) for field, one in told.items() if one.why == "doubt" and field in MONEY]
    if unclear:
        raise asking.refusal(
            table.title, [Question("numbers", tuple(Candidate(field, -1, one.example or "", one.why) for field, one in unclear))]
        )


def _as_it_stood(table: Table, moment: str) -> str:
    """A date as the file writes it: the first of its sample that is written with short numbers."""
    shown = (cell for row in table.rows for cell in row if re.match(r"\s*\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}", cell))
    return next(shown, moment).strip()


def ask_repeats(change: Transaction, file: str) -> None:
    """Raise AskError where an order's rows tell other amounts and nothing says that one came after the other: payments, lines, or what?"""
    found = change.rows(
        "SELECT order_id FROM money_rows WHERE amount > 0 AND NOT given_back GROUP BY order_id, shop_name "
        "HAVING count(DISTINCT amount) > 1 AND count(DISTINCT coalesce(status_raw, '')) = 1 ORDER BY min(row_no) LIMIT 3"
    )
    if found:
        raise asking.refusal(file, [Question("repeats", tuple(Candidate("order_id", -1, row["order_id"], "repeats") for row in found))])
