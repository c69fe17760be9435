"""Who bought: which column tells people apart. No guest, no kind of customer, and nothing coarser than what stands beside it."""

from typing import TYPE_CHECKING

from crm.columns.asking import Candidate, Question
from crm.columns.roles import Fields, Role, candidate
from crm.columns.values import NOBODY, Profile

if TYPE_CHECKING:
    from crm.columns.assignment import Sorted

MANY = 3
"""So many e-mail addresses under one account are more than one person has."""


def buyer(table: "Sorted", taken: dict[str, int]) -> Role:
    """Account, e-mail and phone of the buyer; a name only where nothing else is there."""
    free = [column for column in table.columns if column.place not in taken.values()]
    fields: Fields = {}
    for name, concept in (("buyer_email", "email"), ("buyer_phone", "phone")):
        items = [column for column in table.called(concept) if column in free]
        if items:
            first = max(items, key=lambda column: (round(len(column.persons) / max(len(column.cells), 1), 1), -column.place))
            fields[name] = (first, 0.95, "name")
    accounts = [column for column in table.called("buyer_id", "buyer") if column in free]
    accounts = [column for column in accounts if not column.texts or (column.persons and column.sorts <= 0.5)]
    mails = [column for column in accounts if column.emails > 0.5]
    if mails and "buyer_email" not in fields:
        fields["buyer_email"] = (mails[0], 0.9, "values")
    return _account(table, [column for column in accounts if column not in mails and column.texts], fields)


def _account(table: "Sorted", accounts: list[Profile], fields: Fields) -> Role:
    """The account beside what is known of e-mail and phone: taken, left for a finer one, or asked."""
    finer = next((column for name in ("buyer_email", "buyer_phone") if name in fields and (column := fields[name][0]).persons), None)
    ids = [column for column in accounts if table.best[column.place].name == "buyer_id"]
    first = next(iter(ids or accounts), None)
    if first is None:
        return _by_name(table, fields)
    rivals = [other for other in ids[1:] if not _one_to_one(first, other)]
    if rivals:
        return Role(fields, [Question("buyer", tuple(candidate("buyer_id", column, "named") for column in [first, *rivals]))])
    named_beside = next((column for column in table.called("person_name") if column is not first and len(column.persons) > 1), None)
    if finer is None and named_beside is not None and _nameless(first, named_beside):
        return Role(fields, [Question("buyer", (candidate("buyer_id", first, "coarse"), Candidate("buyer_id", -1, "", "none")))])
    if finer is not None and _coarse(first, finer):
        name = next(name for name in ("buyer_email", "buyer_phone") if name in fields and fields[name][0] is finer)
        return Role(fields, [Question("buyer", (candidate(name, finer, "finer"), candidate("buyer_id", first, "coarse")))])
    if finer is not None and len(finer.persons) >= len(finer.cells) * 0.9 and len(first.persons) < len(first.cells) * 0.98:
        return Role(fields)  # guests have no account; their addresses tell all apart alike
    if _few(first):
        return Role(fields, [Question("buyer", (candidate("buyer_id", first, "few"), Candidate("buyer_id", -1, "", "none")))])
    named = table.best[first.place].name == "buyer" and _like_names(first)
    if named and finer is not None:
        return Role(fields)
    return Role(fields | {"buyer_id": (first, 0.8 if named else 0.95, "name")}, [], {"names": []} if named else {})


def _by_name(table: "Sorted", fields: Fields) -> Role:
    """People known by their addresses or numbers, else by nothing but their names; addresses of very few are the till's, or are asked."""
    for name, (column, _, _) in fields.items():
        if _few(column):
            return Role({}, [Question("buyer", (candidate(name, column, "few"), Candidate(name, -1, "", "none")))])
    if any(_clear(column) for column, _, _ in fields.values()):
        return Role(fields)
    nicks = [column for column in table.called("nickname") if len(set(column.persons)) > 1 and "*" not in "".join(column.persons)]
    named = nicks or [column for column in table.called("person_name") if column.persons and _like_names(column)]
    return Role(fields | {"buyer_id": (named[0], 0.7, "name")}, [], {"names": []}) if named else Role(fields)


def _few(column: Profile) -> bool:
    """Whether so few stand in so many rows that they are kinds of customers, or who sold."""
    return len(column.persons) >= 30 and len(set(column.persons)) <= 4


def _clear(column: Profile) -> bool:
    """Whether most addresses or numbers of a column are told: what is masked (`139****0021`) is nobody's."""
    return 2 * sum("*" not in cell for cell in column.persons) > len(column.persons)


def _like_names(column: Profile) -> bool:
    """Whether most cells are names of people: letters, without digits."""
    return column.share(lambda cell: not any(letter.isdigit() for letter in cell) and (" " in cell or not cell.isascii())) > 0.5


def _coarse(account: Profile, finer: Profile) -> bool:
    """Whether one account stands with many e-mail addresses or phone numbers."""
    seen: dict[str, set[str]] = {}
    for one, other in zip(account.cells, finer.cells, strict=True):
        if one and other and one.lower() not in NOBODY and other.lower() not in NOBODY:
            seen.setdefault(one, set()).add(other.lower())
    return any(len(others) >= MANY for others in seen.values())


def _nameless(account: Profile, named: Profile) -> bool:
    """Whether one account that buys often never has a name where nearly all others have one: a word for guests that we do not know."""
    rows = [(one, bool(name)) for one, name in zip(account.cells, named.cells, strict=True) if one and one.lower() not in NOBODY]
    often = {
        one for one in {one for one, _ in rows} if account.counts[one] >= MANY and not any(result for other, result in rows if other == one)
    }
    rest = [result for one, result in rows if one not in often]
    return bool(often) and len(rest) > MANY and sum(rest) > 0.8 * len(rest)


def _one_to_one(one: Profile, other: Profile) -> bool:
    there: dict[str, str] = {}
    back: dict[str, str] = {}
    pairs = [(a, b) for a, b in zip(one.cells, other.cells, strict=True) if a and b]
    return all(there.setdefault(a, b) == b and back.setdefault(b, a) == a for a, b in pairs)
