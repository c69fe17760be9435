"""What only a whole column can say of a table nobody knows, asked where it says it in two ways; and its status words, each with ours."""

import re

import pandas as pd

from crm.columns import statuses as words
from crm.columns.asking import Candidate, Question
from crm.columns.number_formats import Decision
from crm.columns.values import NOBODY, TOTALS
from crm.database import Transaction
from crm.database.statements import quoted
from crm.layouts import asking, statuses
from crm.layouts.registry import Layout
from crm.reading.tables import Table

TEXTS = tuple(
    """
    status_raw buyer_id buyer_email buyer_phone receiver_name item_title sku_code city province country channel shop_name
    currency nickname first_name last_name receiver_address category created_at paid_at
    """.split()
)
SAYS_SO = sorted((words.YES | {"storniert", "cancelled", "returned", "✓", "√"}) - {"s", "o"})
VOID = ("unpaid", "cancelled", "closed_unpaid", "closed")
FLAGS = {"void_raw": ("cancelled", SAYS_SO), "returned_raw": ("refunded", SAYS_SO), "done_raw": ("not completed", sorted(words.NO))}
"""Columns that ask whether a row was cancelled, given back or completed: the status that an answer means, and the answer."""
BUYERS = ("buyer_id", "buyer_email", "buyer_phone")
MONEY = ("paid_amount", "total_amount", "line_amount", "unit_price", "refund_amount", "shipping_fee")
BOTH = " · "
"""Between an order's status and its payment's, where a table has a column for each."""
SENT = ("shipped", "paid_unshipped")
"""What says how far the goods are, and of the money nothing."""


def gather(change: Transaction, layout: Layout, file: str) -> None:
    """Put the status of the payment beside that of the order, and take out buyers who are nobody.

    Raises AskError where a column says of each row what sort it is, in words that nobody knows.
    """
    if "payment_raw" in layout.columns:
        change.execute("UPDATE staged SET status_raw = nullif(concat_ws($1, status_raw, payment_raw), '')", [BOTH])
    for flag, (word, answers) in FLAGS.items():
        if flag in layout.columns:
            text = f"list_contains($2::TEXT[], lower({quoted(flag)}))"
            if flag == "returned_raw" and "refund_amount" in layout.columns:  # how much was given back is told beside it
                text += r" AND NOT coalesce(regexp_matches(refund_amount, '[1-9]'), false)"
            change.execute(f"UPDATE staged SET status_raw = concat_ws($1, status_raw, '{word}') WHERE {text}", [BOTH, answers])  # noqa: S608 (our own words)
    if "refund_status_raw" in layout.columns and not layout.known:
        _sorts(change, layout, file)
    if "buyer_id" in layout.columns and "account" in layout.identity and layout.guests:
        change.execute("UPDATE staged SET buyer_id = NULL WHERE list_contains($1::TEXT[], lower(buyer_id))", [sorted(NOBODY)])


def _sorts(change: Transaction, layout: Layout, file: str) -> None:
    """Rows that are no sale (quotes, delivery notes, fees) are `rejects`, cancelled ones are cancelled; words nobody knows are asked."""
    seen = change.rows("SELECT refund_status_raw AS raw, count(*) AS n FROM staged WHERE refund_status_raw IS NOT NULL GROUP BY ALL")
    seen = [row for row in seen if not re.fullmatch(TOTALS, row["raw"].lower())]
    if not words.are_sorts(row["raw"] for row in seen):
        return
    match = layout.extra.get("statuses", {})
    sorts = {
        row["raw"]: "void" if match.get(row["raw"]) in VOID else "sells" if row["raw"] in match else words.sort(row["raw"]) for row in seen
    }
    unknown = tuple(
        Candidate("refund_status_raw", -1, str(row["raw"]), "words", (f"{row['n']} ×",)) for row in seen if not sorts[row["raw"]]
    )
    if unknown and layout.extra.get("ask"):
        raise asking.refusal(file, [Question("words", unknown)])
    void, none = ([raw for raw, sort in sorts.items() if sort == name] for name in ("void", "no_sale"))
    change.execute(
        "UPDATE staged SET status_raw = concat_ws($1, status_raw, 'cancelled') WHERE list_contains($2::TEXT[], refund_status_raw)",
        [BOTH, void],
    )
    change.execute(
        "INSERT INTO rejects SELECT row_no, 'refund_status_raw', 'no_sale' FROM staged WHERE list_contains($1::TEXT[], refund_status_raw)",
        [none],
    )


def owed(change: Transaction, layout: Layout, file: str) -> None:
    """An order of which all is owed is unpaid; one of which a part is owed is asked. Amounts are plain numbers by now.

    Raises AskError.
    """
    if "owed_amount" not in layout.columns:
        return
    due = "coalesce(money(owed_amount), 0)"
    text = "coalesce(money(total_amount), money(paid_amount))" if "total_amount" in layout.columns else "money(paid_amount)"
    partly = f"coalesce(created_at, paid_at) IS NOT NULL AND {due} > 0.02 AND {due} < {text} - 0.02"
    part = change.rows(f"SELECT owed_amount FROM cells WHERE {partly} LIMIT 3")  # noqa: S608 (our own words)
    if part and not {"paid_amount", "total_amount"} <= set(layout.columns) and layout.extra.get("ask"):
        items = tuple(Candidate("paid_amount", -1, row["owed_amount"], "owed") for row in part)
        raise asking.refusal(file, [Question("amount", items)])
    wholly = f"{due} > 0.02 AND {due} >= {text} - 0.02"
    change.execute(f"UPDATE staged SET status_raw = concat_ws($1, status_raw, 'unpaid') WHERE {wholly}", [BOTH])  # noqa: S608 (our own words)


def totals(change: Transaction, layout: Layout) -> None:
    """Rows of totals: one of their cells says so, and they name neither an order nor a buyer."""
    texts = [field for field in TEXTS if field in layout.columns]
    if layout.known or not texts:
        return
    text = " OR ".join(f"regexp_full_match(lower({quoted(field)}), $1)" for field in texts)
    nobody = "order_id IS NULL AND " + " AND ".join(f"coalesce(regexp_full_match(lower({field}), $1), true)" for field in BUYERS)
    statement = f"INSERT INTO rejects SELECT row_no, 'order_id', 'total' FROM cells WHERE {nobody} AND ({text})"  # noqa: S608 (names only)
    change.execute(statement, [TOTALS])


def status(raw: str, layout: Layout) -> str:
    """Our status of a file's text: what a person said of it, what its platform means by it, else what its words say."""
    match = layout.extra.get("statuses", {})
    if raw in match:
        return str(match[raw])
    if layout.known:
        return statuses.resolve(raw, layout.statuses)
    texts = raw.split(BOTH)
    speaking = [text for text in texts if not words.is_neutral(text)] or texts
    result = words.worst(*map(words.answer, speaking))
    silent = result in SENT and not words.says_paid(raw)
    if (silent and "paid_at" in layout.columns) or (result == words.UNKNOWN and all(map(words.is_neutral, texts)) and _pays(layout)):
        return words.BY_PAYMENT
    return result


def _pays(layout: Layout) -> bool:
    """Whether another column says if money came."""
    return "paid_at" in layout.columns or {"paid_amount", "total_amount"} <= set(layout.columns) or "owed_amount" in layout.columns


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
        items = tuple(Candidate("status_raw", -1, str(raw), "words", (f"{count} ×",)) for raw, count in unknown.items())
        raise asking.refusal(file, [Question("words", items)])


def ask_written(change: Transaction, table: Table, ambiguous: bool, values: dict[str, Decision], language: str | None) -> None:
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
    unclear = [(field, one) for field, one in values.items() if one.why == "doubt" and field in MONEY and not _thousands(one, language)]
    if unclear:
        raise asking.refusal(
            table.title, [Question("numbers", tuple(Candidate(field, -1, one.example or "", one.why) for field, one in unclear))]
        )


def _thousands(one: Decision, language: str | None) -> bool:
    """Whether an amount like `1,234` stands in a table whose language parts thousands so: nobody writes three decimals of money there."""
    return language in ("zh", "en") and "," in (one.example or "") and "." not in (one.example or "")


def _as_it_stood(table: Table, moment: str) -> str:
    """A date as the file writes it: the first of its sample that is written with short numbers."""
    shown = (cell for row in table.rows for cell in row if re.match(r"\s*\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}", cell))
    return next(shown, moment).strip()


def ask_totals(change: Transaction, file: str) -> None:
    """Raise AskError where an order's lines are called total or sum: then its rows are no lines to be added up."""
    rows = change.rows(
        "SELECT DISTINCT order_id FROM cells WHERE order_id IN (SELECT order_id FROM cells GROUP BY order_id HAVING count(*) > 1) "
        "AND regexp_full_match(lower(item_title), $1) ORDER BY order_id LIMIT 3",
        [TOTALS],
    )
    if rows:
        raise asking.refusal(file, [Question("repeats", tuple(Candidate("order_id", -1, row["order_id"], "repeats") for row in rows))])


def ask_repeats(change: Transaction, file: str) -> None:
    """Raise AskError where an order's rows tell other amounts and nothing says that one came after the other: payments, lines, or what?"""
    rows = change.rows(
        "SELECT order_id FROM money_rows WHERE amount > 0 AND NOT given_back GROUP BY order_id, shop_name "
        "HAVING count(DISTINCT amount) > 1 AND count(DISTINCT coalesce(status_raw, '')) = 1 ORDER BY min(row_no) LIMIT 3"
    )
    if rows:
        raise asking.refusal(file, [Question("repeats", tuple(Candidate("order_id", -1, row["order_id"], "repeats") for row in rows))])
