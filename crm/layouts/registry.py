"""The layouts of the known platforms: which one a header is, and what its columns mean."""

import json
import re
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from crm.layouts import platforms
from crm.layouts.vocabulary import READ, SWITCHES

SIMPLIFIED = str.maketrans(
    "訂單編號買賣傢價數總額實際應運費狀態時間電話機郵箱網點商標題稱規類別貨戶會員國區縣鄉鎮遞碼備註創關閉帳發優營來幣種聯繫絡顧產購門結",
    "订单编号买卖家价数总额实际应运费状态时间电话机邮箱网点商标题称规类别货户会员国区县乡镇递码备注创关闭账发优营来币种联系络顾产购门结",
)
"""The characters of header names in Taiwan and Hong Kong."""


@dataclass(frozen=True)
class Layout:
    """How a table is read. `columns` gives for each field the positions (from 0) whose first filled cell is taken.

    `date_order` `auto` and `decimal` None: the file's own columns say how they write dates and numbers.
    `masks`: the platform masks some of its buyers' names (`i***a`), and a masked one is nobody's.
    `guests`: accounts may be made up for people who have none.
    `heads`: an order's amount stands on a row of its own before its lines.
    `furniture`: rows of the export itself, known by these beginnings of a cell: a description of the columns, a count at the end.
    `sales`, `givebacks`: the kinds of rows that are orders and refunds of them, where fees and transfers stand in the file as well.
    """

    name: str
    platform: str
    grain: str
    columns: dict[str, list[int]]
    currency: str | None = None
    country: str | None = None
    statuses: str | None = None
    identity: tuple[str, ...] = ("account", "email", "phone")
    nulls: tuple[str, ...] = ()
    lines_only: bool = False
    sum_lines: bool = False
    carry: bool = False
    heads: bool = False
    line_shipping: bool = False
    dated_id: bool = False
    date_order: str = "auto"
    decimal: str | None = None
    timezone: str | None = None
    refunds: bool = False
    no_amounts: bool = False
    line_by: str = ""
    masks: bool = False
    guests: bool = True
    furniture: tuple[str, ...] = ()
    sales: tuple[str, ...] = ()
    givebacks: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def known(self) -> bool:
        """False for tables read through a mapping."""
        return self.platform != "other"

    def with_(self, **changes: Any) -> "Layout":
        """The same layout with some of it changed."""
        return replace(self, **changes)


@cache
def layouts() -> dict[str, dict[str, Any]]:
    """All layouts by name, in the order in which they are tried; `platform` is whose."""
    return {name: layout | {"platform": one} for one in platforms.every().values() for name, layout in one.layouts.items()}


@cache
def unknown_titles() -> dict[str, dict[str, list[str]]]:
    """titles.json."""
    content: dict[str, dict[str, list[str]]] = json.loads((Path(__file__).parent / "titles.json").read_text(encoding="utf-8"))
    return content


def names() -> list[str]:
    """The layouts that `--format` accepts."""
    return list(layouts())


def detect(header: list[str]) -> Layout | None:
    """The first layout of the detection order whose fingerprint the header carries."""
    present = set(header)
    for name, entry in layouts().items():
        mark = entry["fingerprint"]
        if any(_bears(present, one) for one in (mark if isinstance(mark, list) else [mark])):
            return named(name, header)
    return None


def _bears(present: set[str], mark: dict[str, Any]) -> bool:
    return set(mark.get("all", ["\0"])) <= present and not set(mark.get("none", [])) & present


def named(name: str, header: list[str]) -> Layout:
    """A layout by name, laid over a header; columns that are missing are left out."""
    entry = layouts()[name]
    platform: platforms.Platform = entry["platform"]
    return Layout(
        name=name,
        platform=platform.name,
        grain=entry["grain"],
        columns=_columns(entry, header),
        currency=platform.currency,
        country=platform.country,
        statuses=platform.name if platform.statuses else None,
        identity=platform.identity,
        nulls=platform.nulls,
        line_by=entry.get("line_by", ""),
        date_order=entry.get("date_order", "auto"),
        decimal=entry.get("decimal"),
        masks=platform.masks,
        guests=platform.guests,
        timezone=entry.get("timezone"),
        furniture=tuple(entry.get("furniture", [])),
        sales=tuple(entry.get("sales", [])),
        givebacks=tuple(entry.get("refund_rows", [])),
        **{switch: entry.get(switch, False) for switch in SWITCHES},
    )


def label(name: str, language: str) -> str:
    """What a layout is called on a page in `zh` or `en`; what stands in brackets is for us."""
    text: str = layouts()[name]["label" if language.startswith("zh") else "label_en"]
    return text.partition(" (")[0]


def carries(name: str) -> bool:
    """Whether the cells of an order stand on its first row only."""
    entry = layouts().get(name, {})
    return bool(entry.get("carry") or entry.get("heads"))


def joined_columns(name: str) -> dict[str, Any]:
    """Which columns another sheet of the same workbook may add to a layout, and `by` which column; {} where none does."""
    values: dict[str, Any] = layouts()[name].get("beside", {})
    return values


def gives(layout: Layout) -> list[str]:
    """What a table of this layout gives, of `orders`, `lines` and `buyers`; what is missing cannot be computed from it.

    `refunds` stands alone; `unpriced` says that its orders have no amounts.
    """
    if layout.refunds:
        return ["refunds"]
    orders, lines = not layout.lines_only, has_lines(layout)
    fields = {
        "account": {"buyer_id"},
        "email": {"buyer_email", "buyer_alipay"},
        "phone": {"buyer_phone", "receiver_mobile", "receiver_phone"},
    }
    buyers = orders and any(fields[kind] & set(layout.columns) for kind in layout.identity)
    given = (("orders", orders), ("lines", lines), ("buyers", buyers), ("unpriced", layout.no_amounts))
    return [name for name, there in given if there]


def has_lines(layout: Layout) -> bool:
    """Whether the rows of a table are, or may be, order lines."""
    return layout.grain == "line" or (layout.platform == "other" and bool({"item_title", "sku_code"} & set(layout.columns)))


def platform(name: str) -> str | None:
    """The platform of a layout by name; None for a table that is none."""
    entry = layouts().get(name)
    return entry["platform"].name if entry else None


def _columns(entry: dict[str, Any], header: list[str]) -> dict[str, list[int]]:
    order = unknown_titles()["first"]
    values: dict[str, list[int]] = {}
    for title, target in entry["columns"].items():
        if target in READ and title in header:
            values.setdefault(target, []).append(header.index(title))
    for plain, places in values.items():
        wanted = order.get(plain, [])
        places.sort(key=lambda place: wanted.index(header[place]) if header[place] in wanted else len(wanted))
    return values


def plain(title: str) -> str:
    """A header name for comparison: lower case, letters and digits only, in simplified characters."""
    return re.sub(r"[\W_]+", "", title.lower()).translate(SIMPLIFIED)


@cache
def titles() -> frozenset[str]:
    """Every header name that means anything to us, plain."""
    known = [title for entry in layouts().values() for title in entry.get("headers", [])]
    for words in (unknown_titles()["synonyms"], unknown_titles()["first"]):
        known += [title for one in words.values() for title in one]
    return frozenset(plain(title) for title in known)


def is_known(title: str) -> bool:
    """Whether a word is the name of a column that means anything to us."""
    return plain(title) in titles()
