"""Numbers as people and programs write them: how a whole column writes them, and a cell read that way, whole or not at all.

A comma may part thousands or decimals, and so may a point. One cell often cannot say which (`1.234`); the column mostly can: a cell that
only one of the two ways can read (`1.234,56`, `0,5`, `1,23,456.00`) shows it for all. Blanks and apostrophes part thousands in either.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from crm.columns import money

FEW = 0.05
"""The share of contrary cells up to which a column has one style, and those cells are what does not fit."""
TIMES = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "": 1}
WIDE = {ord(wide): narrow for wide, narrow in zip("０１２３４５６７８９，．（）＋＄￡￥", "0123456789,.()+$£¥", strict=True)}
LIKE = WIDE | dict.fromkeys(map(ord, "−－–—‒﹣"), "-") | dict.fromkeys(map(ord, "\N{RIGHT SINGLE QUOTATION MARK}‘ʼ＇´`"), "'")
BLANKS = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]")
REMARK = re.compile(r"(?<=[\d元圆円])\s*\((?=[^()]*(?:[^\W\da-z_]|[a-z]{3}))[^()]*\)$", re.IGNORECASE)
PARTS = re.compile(r"(?P<before>[^\d]*?)(?P<body>[.,]?\d(?:[\d.,' ]*\d)?)(?P<even>[.,]-{1,2}|[.,](?=\s|$))?(?P<after>[^\d]*)")
UNITS = re.compile(r"\s*(?:件|个|個|只|套|pcs\.?|pieces?|stk\.?|stück|st\.?|pz\.?|uds?\.?|x)$", re.IGNORECASE)


@dataclass(frozen=True)
class Style:
    """How numbers are written: `decimal` is `.` or `,`; `group` (`,` `.` a blank or `'`) parts thousands.

    With `decimal` empty only cells that can be read in one way are read: what a column of both kinds leaves.
    """

    decimal: str = "."
    group: str = ","


PLAIN, EUROPEAN, EITHER = Style(), Style(",", "."), Style("", "")


@dataclass(frozen=True)
class Decision:
    """The style of a column and `why`: `plain` nothing in it could be read otherwise, `told` a person says so, `shown` by the cell
    `example`, `beside` by another column of the table or an earlier one (`together`), `doubt` no cell shows it (`example` is one that
    could be either), `mixed` the column writes both ways (`style` is EITHER), `none` it has no numbers.
    """

    style: Style
    why: str
    example: str | None = None


def weigh(counts: Mapping[str, int]) -> Decision:
    """How a column writes its numbers, from its distinct cells with how often each is there; what is no number says nothing.

    Cells of one shape may stand for one another.
    """
    seen: dict[str, Counter[str]] = {"point": Counter(), "comma": Counter(), "either": Counter(), "same": Counter()}
    for cell, times in counts.items():
        if kind := _kind(cell):
            seen[kind][cell] += times
    point, comma = seen["point"].total(), seen["comma"].total()
    if not point and not comma:
        why = "doubt" if seen["either"] else "plain" if seen["same"] else "none"
        return Decision(PLAIN, why, _usual(seen["either"]))
    few, many = sorted((point, comma))
    if few == many or (few > 1 and few > FEW * (few + many)):
        return Decision(EITHER, "mixed", _usual(seen["comma"]))
    winner = seen["point" if point > comma else "comma"]
    return Decision(_style(winner, "." if point > comma else ","), "shown", _usual(winner))


def together(columns: Mapping[str, Mapping[str, int]], usual: str | None = None) -> dict[str, Decision]:
    """The decisions for the columns of one table (name → distinct cells with their counts).

    A column that cannot tell is read as the others are where they all show the same decimal sign, else as `usual` says (`.` or `,`:
    what was said of an earlier table of this kind); a table is written by one program.
    """
    decided = {name: weigh(counts) for name, counts in columns.items()}
    shown = {(one.style.decimal, one.style.group) for one in decided.values() if one.why == "shown"}
    signs = {decimal for decimal, _ in shown} | {"" for one in decided.values() if one.why == "mixed"}
    sign = signs.pop() if len(signs) == 1 else usual if not signs else None
    if not sign:
        return decided
    style = of(sign)
    return {name: Decision(style, "beside", one.example) if one.why == "doubt" else one for name, one in decided.items()}


def of(decimal: str) -> Style:
    """The usual style with a decimal sign."""
    return EUROPEAN if decimal == "," else PLAIN


def parse(cell: str, style: Style = PLAIN) -> Decimal | None:
    """The amount a cell says, read from its first to its last character, or None: a part of a cell is never an amount.

    Brackets and a trailing minus are negative; currencies may stand at either end, 万 and 亿 multiply, and a remark in brackets may
    follow that is no number. A percentage is no amount.
    """
    return read(cell, style)[0]


@cache
def _plain(decimal: str, group: str) -> re.Pattern[str]:
    """A number without sign and currency: thousands parted by one sign throughout, in threes or (by comma) as in India."""
    groups = {" ", "'"} | ({group} if group in ".,'" and group != decimal else set())
    whole = ["\\d+"] + [rf"[1-9]\d{{0,2}}(?:{re.escape(sign)}\d{{3}})+" for sign in sorted(groups)]
    if "," in groups:
        whole.append(r"[1-9]\d?(?:,\d{2})+,\d{3}")
    return re.compile(rf"(?P<whole>{'|'.join(whole)})?(?:{re.escape(decimal)}(?P<part>\d+))?")


def read(cell: str, style: Style) -> tuple[Decimal | None, str]:
    """The amount and the sign between its thousands ("" for none)."""
    if not style.decimal:
        ways = [rows for one in (PLAIN, EUROPEAN) if (rows := read(cell, one))[0] is not None]
        return ways[0] if len({value for value, _ in ways}) == 1 else (None, "")
    bare = _bare(cell)
    if bare is None:
        return None, ""
    sign, body, times = bare
    match = _plain(style.decimal, style.group).fullmatch(body)
    if not match or not (match["whole"] or match["part"]):
        return None, ""
    group = re.sub(r"\d", "", match["whole"] or "")[:1]
    return sign * times * Decimal(f"{re.sub(r'[^0-9]', '', match['whole'] or '0')}.{match['part'] or '0'}"), group


def _bare(cell: str) -> tuple[int, str, int] | None:
    """Sign, digits with their separators, and the multiplier of a cell; None where anything else stands in it."""
    text = without_remark(cell)
    if re.fullmatch(r"[-+]?\d+(\.\d+)?e[-+]?\d{1,2}", text, re.IGNORECASE):
        value = Decimal(text)
        return (-1 if value < 0 else 1), f"{abs(value):f}", 1
    inside = re.fullmatch(r"(\D*)\((.*)\)(\D*)", text)
    text = "".join(inside.groups()) if inside else text
    match = PARTS.fullmatch(text)
    if not match:
        return None
    before, body, after = match["before"], match["body"], match["after"]
    if body[0] == "." and before[-1:].isalpha():  # the point of `kr.` and `Rs.`
        before, body = before + ".", body[1:]
    signs, ends = re.findall(r"[-+]", before), re.findall(r"[-+]", after)
    if len(signs) + len(ends) > 1:
        return None
    times = next((mark for mark in TIMES if mark and after.lstrip().startswith(mark)), "")
    after = after.lstrip().removeprefix(times)
    if not all(money.is_currency(re.sub(r"[-+]", " ", side)) for side in (before, after)):
        return None
    return (-1 if inside or "-" in signs + ends else 1), body, TIMES[times]


def without_remark(cell: str) -> str:
    """A cell in plain signs, without what follows the number in brackets."""
    return REMARK.sub("", BLANKS.sub(" ", cell.translate(LIKE)).strip())


def without_unit(cell: str) -> str:
    """A count without its unit (`3 件`, `2 pcs`)."""
    return UNITS.sub("", cell)


def _kind(cell: str) -> str | None:
    """`point` or `comma`: read only so; `either`: both ways, to other amounts; `same`: no matter; None: no number."""
    point, comma = parse(cell, PLAIN), parse(cell, EUROPEAN)
    if point is None and comma is None:
        return None
    if comma is None:
        return "point"
    if point is None:
        return "comma"
    return "same" if point == comma else "either"


def _style(cells: Counter[str], decimal: str) -> Style:
    """What parts the thousands in cells that show it, where any does."""
    usual = of(decimal)
    groups = {read(cell, usual)[1] for cell in cells} - {""}
    return Style(decimal, usual.group if not groups or usual.group in groups else sorted(groups)[0])


def _usual(cells: Counter[str]) -> str | None:
    return max(cells, key=lambda cell: (cells[cell], cell)) if cells else None
