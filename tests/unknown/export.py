"""Whole unknown exports with a known truth: `generate(seed)` gives the bytes of a file and what it comes to, the same for the same seed."""

from dataclasses import dataclass, field, replace
from random import Random

from tests.unknown import distractors, sheet, styles, traits, truth, writing
from tests.unknown.header import titles
from tests.unknown.sheet import Column, Sheet
from tests.unknown.shop import opened
from tests.unknown.styles import Style
from tests.unknown.traits import Traits, pick
from tests.unknown.truth import Truth


@dataclass
class Export:
    """A file and its truth. `unsure`: roles of which a person could not tell either. `rows[n]`: the order id of row n.

    `aloud`: partial refunds without an amount are in it; counted as kept they are right only with a warning that says so.
    """

    seed: int
    name: str
    data: bytes
    truth: Truth
    header: list[str]
    preview: list[list[str]]
    features: list[str]
    unsure: list[str]
    language: str
    currency: str
    has_id: bool
    aloud: bool = False
    rows: dict[int, str] = field(default_factory=dict)


def generate(seed: int) -> Export:
    """The export of a seed."""
    made, style, result = drawn(seed)
    return written(seed, made, style, result)


def drawn(seed: int) -> tuple[Sheet, Style, Truth]:
    """The table, the way it is written and the truth of a seed."""
    chance = Random(seed)
    features = traits.drawn(chance)
    lines = 1 if features.amounts == "pos" or (features.grain == "order" and chance.random() < 0.5) else 4
    shop = opened(
        chance,
        features.language,
        features.size if features.grain == "order" else max(5, features.size // 2),
        lines=lines,
        parts=features.amounts not in ("lines", "two_totals", "paid_due"),
        walk_ins=features.walk_ins,
    )
    sheet.settle(chance, shop, features, traits.states(features))
    made = Sheet(features, shop, sheet.rows_of(chance, shop, features))
    made.columns = columns(chance, made)
    return made, _style(chance, made), told_of(made)


def told_of(made: Sheet) -> Truth:
    """The truth; which places are blank is read off the typed cells, for they are drawn there."""
    cells = {column.role: column.cells for column in made.columns}
    shown = next((cells[name] for name in ("country", "region", "city") if name in cells), [])
    filled = {row.order.id for row, cell in zip(made.rows, shown, strict=False) if cell}
    blank = {order.id for order in made.shop.orders} - filled
    return truth.of(made.shop.orders, made.traits, blank)


def columns(chance: Random, made: Sheet) -> list[Column]:
    """The columns of the table: what a file of this kind tells, then what means something else, in an order that happens."""
    gets, features = sheet.getters(chance, made), made.traits
    items = []
    for role in roles(chance, features):
        kind, level, get = gets[role]
        cells = [None if level == "order" and features.grain == "lines_first" and not row.first else get(row) for row in made.rows]
        items.append(Column(role, kind, cells))
    if chance.random() < 0.25:  # nothing instead of 0.00
        for column in items:
            if column.role in ("shipping", "discount", "refund", "tax"):
                column.cells = [cell or None for cell in column.cells]
    if features.grain == "lines_first" and chance.random() < 0.75:
        items[0].cells = [gets["order_id"][2](row) for row in made.rows]
    kinds = ["customer_type", "gender"] if features.identity == "type" else []
    for column in distractors.some(chance, made, features.distractors, kinds):
        if column.role not in {one.role for one in items}:
            items.insert(chance.randint(0, len(items)) if chance.random() < 0.5 else len(items), column)
    if features.shuffled:
        chance.shuffle(items)
    return items


def roles(chance: Random, features: Traits) -> list[str]:
    """Which roles have a column, in the usual order."""
    items = ["order_id"] if features.has_id else []
    items += {"created": ["created"], "created_paid": ["created", "paid_at"], "paid": ["paid_at"], "date_time": ["date_only", "time_only"]}[
        features.moment
    ]
    items += {"order": ["status"], "codes": ["status"], "payment": ["payment_status"], "both": ["status", "payment_status"]}.get(
        features.status, []
    )
    items += {"masked": ["phone"], "none": [], "type": []}.get(features.identity, features.identity.split("_"))
    items += (["name"] if features.named else []) + list(features.places)
    return items + _lines(chance, features) + _money(chance, features)


def _lines(chance: Random, features: Traits) -> list[str]:
    if features.grain == "order":
        if features.amounts == "pos":
            return ["title", "price", "qty"]
        return [name for name, share in (("title", 0.4), ("sku", 0.15), ("qty", 0.3)) if chance.random() < share]
    own = features.grain == "lines_own"
    price = [["price", "line_total"], ["line_total"], ["price"]][chance.choices((0, 1, 2), (60, 25, 15))[0]]
    if features.refunds == "cancel_rows" and "line_total" not in price:
        price = ["price", "line_total"]
    return ["title", *(["sku"] if chance.random() < 0.6 else []), "qty", *(price if own else price[: chance.randint(0, 2)])]


def _money(chance: Random, features: Traits) -> list[str]:
    match = {
        "total": ["total"],
        "net_gross": ["net_total", "tax", "gross_total"],
        "paid_due": ["order_amount", "paid_amount", "due_amount"],
        "pos": ["tax", "total"],
        "two_totals": ["total", "other_total"],
        "lines": [],
    }.get(features.amounts)
    if match is None:
        match = ["subtotal", *[name for name in ("shipping", "tax", "discount") if chance.random() < 0.75], "total"]
        if "discount" in match and chance.random() < 0.2:
            match.insert(0, "before_discount")
        if chance.random() < 0.1:
            match.insert(chance.randrange(len(match)), match.pop())
    match += ["refund"] if features.refunds == "column" else []
    return match + (["currency"] if features.currency in ("one", "two") else [])


def _style(chance: Random, made: Sheet) -> Style:
    features, language = made.traits, made.shop.language
    weights = {form: styles.MOMENTS[form][1] for form in styles.OF_LANGUAGE[language]}
    container = chance.choices((",", ";", "\t", "|", "xlsx"), (40, 25 if language in ("de", "fr", "es") else 8, 8, 3, 22))[0]
    encodings = {"zh": ("utf-8-sig", "gb18030"), "de": ("utf-8-sig", "cp1252"), "fr": ("utf-8", "cp1252"), "es": ("utf-8", "cp1252")}
    encoding = chance.choice(("utf-8", *encodings.get(language, ("utf-8-sig", "utf-8"))))
    form = styles.numbers(chance, language, made.shop.currency)
    if made.shop.prices == "whole" and chance.random() < 0.4:
        form = replace(form, places=0)  # written only where no amount has cents
    if features.currency == "two":
        form = replace(form, sign="none")
    return Style(
        words=features.words,
        head=chance.choices(("plain", "snake", "camel", "upper", "trailing"), (68, 12, 5, 7, 8))[0],
        unit=chance.choice(("", "", "", "code", "in", "sign")) if features.currency == "none" else "",
        prefix=chance.random() < 0.4,
        numbers=form,
        moments=pick(chance, weights),
        encoding="utf-16" if chance.random() < 0.04 else encoding,
        container=container,
        quoted=chance.random() < 0.3,
        typed=chance.random() < 0.7,
        salt=chance.randrange(1 << 30),
    )


def written(seed: int, made: Sheet, style: Style, result: Truth) -> Export:
    """The sheet as a file in a style."""
    text = writing.Text(made, style, titles(made, style))
    body, rows = text.table()
    container = "xlsx" if style.container == "xlsx" else "csv"
    data = writing.workbook(body, text.kinds) if container == "xlsx" else writing.plain(body, style)
    features = [
        *made.traits.labels(),
        f"container={container}",
        f"moments={style.moments}",
        f"header={style.head}",
        f"sign={style.numbers.sign}",
    ]
    written_as = "typed" if text.typed else f"{style.numbers.point} {style.numbers.group!r}"
    features.append(f"numbers={written_as}")
    preview = [[str(cell) for cell in row] for row in body[:6]]
    return Export(
        seed,
        f"export-{seed}.{container}",
        data,
        result,
        [str(name) for name in text.header],
        preview,
        features,
        made.traits.unsure + text.unsure(),
        made.traits.language,
        made.shop.currency,
        made.traits.has_id,
        any(order.state == "partial" for order in made.shop.orders) and made.traits.partly,
        rows,
    )
