"""Which column of an unknown table is what: names and values of all columns weighed together, and what is not certain as questions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from crm.columns import amounts, names, people, roles
from crm.columns.arithmetic import Money
from crm.columns.asking import Candidate, Question
from crm.columns.money import is_code
from crm.columns.names import Concept
from crm.columns.values import Profile, fit, profiles

SURE = 0.6
"""From here on a name and the cells below it say what a column is."""
NAMED = 0.7
"""So sure a name has to be where money is concerned."""
PLAIN_FIELDS = """
line_id reference_id nickname first_name last_name receiver_name receiver_address province city district country shipped_at completed_at
cancelled_at shipping_fee goods_amount refund_amount refund_status_raw void_raw returned_raw done_raw item_title sku_code sku_attr item_qty
unit_price line_amount category channel shop_name currency marketing_consent
""".split()
"""Fields of which the best column is taken as it is: they ask nobody."""


@dataclass(frozen=True)
class Assigned:
    """What a column was found to be: our field, how sure that is (0 to 1), and why (a key of WHY)."""

    field: str
    place: int
    confidence: float
    why: str


@dataclass(frozen=True)
class Assignment:
    """The columns of a table by field, what has to be asked, and remarks: their code with the columns they speak of (`names`:
    buyers are told apart by nothing but their names; `unused_money`: by `_unused`).

    `carry`: an order's cells stand on its first row only. `likely` are fields that a question is still open about.
    """

    assigned: dict[str, Assigned] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    remarks: dict[str, list[str]] = field(default_factory=dict)
    carry: bool = False
    language: str | None = None

    @property
    def columns(self) -> dict[str, int]:
        """Field → position of its column, from 0."""
        return {name: one.place for name, one in self.assigned.items()}


@dataclass
class Sorted:
    """The columns of a table with what each may be: concept → (column, score), the best first."""

    columns: list[Profile]
    of: dict[str, list[tuple[Profile, float]]]
    best: dict[int, Concept]

    def called(self, *concepts: str, least: float = SURE) -> list[Profile]:
        """The columns that are called so before they are called anything else, the surest first."""
        items = [
            (score, column) for name in concepts for column, score in self.of.get(name, []) if score >= least and self._is(column, name)
        ]
        return [column for _, column in sorted(items, key=lambda entry: (-round(entry[0], 1), entry[1].place))]

    def _is(self, column: Profile, name: str) -> bool:
        best = self.best.get(column.place)
        return best is not None and best.name == name

    @property
    def unnamed(self) -> list[Profile]:
        """Columns whose name says nothing."""
        return [column for column in self.columns if column.place not in self.best]

    @property
    def hardly_money(self) -> list[Profile]:
        """Columns of which a word or two speak of money, among others that do not: `Deposit paid`."""
        weak = [column for name, entries in self.of.items() for column, score in entries if score < NAMED and self._is(column, name)]
        return [column for column in self.columns if column in weak and self.best[column.place].kind == "money"]


def assign(titles: Sequence[str], rows: Sequence[Sequence[str]], skip: Sequence[str] = ()) -> Assignment:
    """Look at a table's header and a sample of its rows, whose cells are stripped; columns called as in `skip` are left alone."""
    columns = [column for column in profiles(titles, rows) if column.title not in skip]
    language = names.language([column.title for column in columns])
    table = _sort(columns, language)
    assignment = Assignment(language=language)
    orders = roles.order(table)
    _take(assignment, orders)
    _take(assignment, roles.status(table))
    _take(assignment, roles.moment(table, assignment.language))
    _take(assignment, people.buyer(table, assignment.columns))
    _money(table, assignment)
    _rest(table, assignment)
    if unused := _unused(table, assignment):
        assignment.remarks["unused_money"] = unused
    return Assignment(
        assignment.assigned, assignment.questions, assignment.remarks, roles.carries(table, assignment.columns), assignment.language
    )


def carries(titles: Sequence[str], rows: Sequence[Sequence[str]], columns: dict[str, int]) -> bool:
    """Whether an order's id, moment and amount stand on its first row only, with columns that somebody chose (field → position)."""
    return roles.carries(Sorted(profiles(titles, rows), {}, {}), columns)


FOREIGN = 0.8
"""What a name counts that is a word of another language than the rest of the header."""


def _sort(columns: list[Profile], language: str | None) -> Sorted:
    """Each column with the concepts its name may mean, weighed by its cells; a column is what it is called best."""
    table = Sorted(columns, {}, {})
    begin = names.common_beginning([column.title for column in columns])
    for column in columns:
        result = names.matches(column.title[begin:])
        own = [(match, 1.0 if language is None or match.languages & {language, "en"} else FOREIGN) for match in result]
        scored = [(match.score * weight * _fit(match, column), match) for match, weight in own]
        scored = [(score, match) for score, match in scored if score >= 0.4]
        if not scored:
            continue
        scored.sort(key=lambda entry: (-entry[0], entry[1].concept.rank))
        if scored[0][0] >= SURE:
            table.best[column.place] = scored[0][1].concept
        for score, match in scored:
            table.of.setdefault(match.concept.name, []).append((column, score))
    for entries in table.of.values():
        entries.sort(key=lambda entry: -entry[1])
    return table


def _fit(match: names.Match, column: Profile) -> float:
    """How well the cells fit; a column that is called just so is an amount whose cells cannot be read, rather than none.

    `% IVA` is a rate and no money; `IVA 21%` may be either.
    """
    if match.concept.kind == "money" and re.search(r"(?<![\d\s])\s*%|^%", column.title):
        return 0.0
    seen = fit(match.concept.kind, column)
    return max(seen, 0.72) if match.score == 1.0 and match.concept.kind == "money" and 0 < column.numeric < 0.9 else seen


def _take(assignment: Assignment, role: "roles.Role") -> None:
    for name, (column, confidence, why) in role.fields.items():
        assignment.assigned[name] = Assigned(name, column.place, confidence, why)
    assignment.questions.extend(role.questions)
    assignment.remarks.update(role.remarks)


def _money(table: Sorted, assignment: Assignment) -> None:
    """What the customer paid."""
    taken = set(assignment.columns.values())
    order = assignment.assigned.get("order_id")
    orders = roles.order_of_rows(table, order.place) if order else None
    counts, units = table.called("quantity"), table.called("unit_price", least=NAMED)
    sums = table.called("line_amount", "goods_amount", "net_amount", "order_total", "amount", least=NAMED)
    quantity = amounts.quantity(counts, units, sums, orders)
    if quantity is not None:
        assignment.assigned["item_qty"] = Assigned("item_qty", quantity.place, 0.95 if len(counts) == 1 else 0.8, "name")
    chosen = amounts.choose(
        Money(
            **{name: table.called(*concepts, least=NAMED) for name, concepts in KINDS.items()},
            unnamed=[
                column for column in table.unnamed if column.place not in taken and fit("money", column) == 1.0 and column.decimals > 0
            ],
            hardly=table.hardly_money,
            quantity=quantity,
            orders=orders,
            unpaid=roles.unpaid(table, assignment.columns),
        )
    )
    for name, column in chosen.fields.items():
        assignment.assigned[name] = Assigned(name, column.place, 0.95 if chosen.why in ("name", "sum", "lines") else 0.7, chosen.why)
    odd = [column for column in chosen.fields.values() if names.in_hundredths(column.title) and column.decimals]
    if odd:  # called cents and written with decimals
        answers = tuple(Candidate("paid_amount", column.place, column.title, "part", tuple(column.texts[:3])) for column in odd)
        assignment.questions.append(Question("amount", answers))
    elif chosen.doubt or not chosen.fields:
        assignment.questions.append(Question("amount", tuple(chosen.doubt)))


COUNTED = ("shipping_fee", "goods_amount")
"""What an amount that was paid contains already: nothing is added to it."""
KINDS = {
    "paid": ("paid_amount",),
    "total": ("order_total",),
    "amount": ("amount",),
    "goods": ("goods_amount",),
    "net": ("net_amount",),
    "lines": ("line_amount",),
    "unit": ("unit_price",),
    "shipping": ("shipping",),
    "tax": ("tax",),
    "discount": ("discount",),
    "balance": ("balance",),
    "change": ("change",),
    "fees": ("other_money", "refund"),
}
"""The money of a table by what its columns are called."""


def _unused(table: Sorted, assignment: Assignment) -> list[str]:
    """Columns without a name of ours that hold money on a few rows, never more than was paid, where nothing says what was given back."""
    places = set(assignment.columns.values())
    place = assignment.columns.get("paid_amount", assignment.columns.get("line_amount"))
    paid = next((column for column in table.columns if column.place == place), None)
    if paid is None or "refund_amount" in assignment.columns:
        return []
    return [column.title for column in table.unnamed if column.place not in places and _on_a_few_rows(column, paid)]


def _on_a_few_rows(column: Profile, paid: Profile) -> bool:
    items = [(one, two) for one, two in zip(column.amounts, paid.amounts, strict=True) if one]
    some = 0 < len(items) <= len(column.cells) / 2 and fit("money", column) == 1.0 and column.decimals > 0
    return some and all(two is not None and abs(one) <= abs(two) for one, two in items)


def _names_others(column: Profile, ids: Profile) -> bool:
    """Whether a column, on a few rows, names other rows' orders: what a credit note is for, alone or within a remark."""
    there = {cell for cell in ids.texts if len(cell) > 3 and any(letter.isdigit() for letter in cell)}
    words = [({column.cells[row], *re.split(r"[\s,;:()]+", column.cells[row])}, ids.cells[row]) for row in range(len(ids.cells))]
    return sum(bool(result & there - {own}) for result, own in words) > 0 and not any(own in result for result, own in words)


def _rest(table: Sorted, assignment: Assignment) -> None:
    """Everything else: of each field the column that is called so, and is not called anything better."""
    taken = set(assignment.columns.values())
    for name in PLAIN_FIELDS:
        if name in assignment.assigned or (name in COUNTED and "paid_amount" in assignment.assigned):
            continue
        mine = [concept for concept in names.concepts().values() if concept.field == name]
        best = next((column for column in table.called(*(concept.name for concept in mine)) if column.place not in taken), None)
        if best is not None:
            score = max(score for concept in mine for column, score in table.of.get(concept.name, []) if column is best)
            assignment.assigned[name] = Assigned(name, best.place, round(score, 2), "name")
            taken.add(best.place)
    if "reference_id" not in assignment.assigned and "order_id" in assignment.assigned:
        ids = next(column for column in table.columns if column.place == assignment.columns["order_id"])
        names_another = [column for column in table.columns if column.place not in taken and _names_others(column, ids)]
        if len(names_another) == 1:
            assignment.assigned["reference_id"] = Assigned("reference_id", names_another[0].place, 0.8, "values")
    if "currency" not in assignment.assigned:
        codes = [column for column in table.unnamed if column.texts and column.place not in taken and column.share(is_code) == 1.0]
        if len(codes) == 1:
            assignment.assigned["currency"] = Assigned("currency", codes[0].place, 0.8, "values")
