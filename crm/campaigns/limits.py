"""Liquid with a limit on everything: what may be written, and how much work, memory and text filling it in may cost."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from liquid import BoundTemplate, Environment, RenderContext, StrictUndefined
from liquid.ast import BlockNode, Node
from liquid.builtin.expressions.primitive import IntegerLiteral, RangeLiteral
from liquid.builtin.tags.for_tag import ForNode, ForTag
from liquid.exceptions import FilterArgumentError, LiquidError, ResourceLimitError
from liquid.expression import Expression
from liquid.output import LimitedStringIO

TAGS = frozenset(
    """
    if elsif else endif unless endunless case when endcase for endfor break continue cycle assign capture endcapture
    comment endcomment raw endraw echo #
    """.split()
)
FILTERS = frozenset(
    """
    default append prepend capitalize upcase downcase strip lstrip rstrip squish truncate truncatewords replace replace_first replace_last
    remove remove_first remove_last slice split join first last size strip_html strip_newlines newline_to_br escape escape_once url_encode
    date plus minus times divided_by modulo round ceil floor abs at_least at_most
    """.split()
)
MOST_TAGS, LONGEST_TAG, WIDEST_GAP = 500, 1_000, 100
LONGEST_VALUE, LONGEST_FILLED, LONGEST_RANGE = 20_000, 50_000, 100
WORK = 1_000_000
"""Characters that filters and loops may go through for one part of one letter; a usual letter needs some hundreds."""
_OPENING = re.compile(r"\{\{|\{%")
_RAW = re.compile(r"\{%-?\s{0,100}raw\s{0,100}-?%\}")
_ENDRAW = re.compile(r"\{%-?\s{0,100}endraw\s{0,100}-?%\}")
_GAP = re.compile(r"\s{" + str(WIDEST_GAP) + "}")


class BeyondError(Exception):
    """What is written goes beyond the limits: `kind` is `unclosed`, `long`, `many` or `tag`, at the place `at`."""

    def __init__(self, kind: str, at: int, name: str = "") -> None:
        super().__init__(kind)
        self.kind, self.at, self.name = kind, at, name


def look_through(source: str) -> None:
    """Before the parser sees it, in one pass: every tag is known, closed and short, and there are not too many. Raises BeyondError."""
    count, at = 0, 0
    while opening := _OPENING.search(source, at):
        start, count = opening.start(), count + 1
        closing = "}}" if opening.group() == "{{" else "%}"
        end = source.find(closing, start + 2, start + LONGEST_TAG)
        if end < 0:
            raise BeyondError("unclosed" if closing not in source[start:] else "long", start)
        inside = source[start + 2 : end]
        if count > MOST_TAGS or _GAP.search(inside):
            raise BeyondError("many" if count > MOST_TAGS else "long", start)
        name = re.match(r"-?\s*(#|\w+)", inside)
        if closing == "%}" and name and name.group(1) not in TAGS:
            raise BeyondError("tag", start, name.group(1))
        at = _behind_raw(source, start, end + 2) if closing == "%}" else end + 2


def _behind_raw(source: str, start: int, end: int) -> int:
    if not _RAW.match(source, start):
        return end
    closing = _ENDRAW.search(source, end)
    if not closing:
        raise BeyondError("unclosed", start)
    return closing.end()


class CostError(ResourceLimitError):
    """Filling the template in would take too much work."""


class Work(RenderContext):
    """A rendering that counts what it costs."""

    __slots__ = ("left",)

    def __init__(self, template: BoundTemplate, globals: Any) -> None:
        super().__init__(template, globals=globals)
        self.left = WORK

    def spend(self, amount: int) -> None:
        """Raises CostError when nothing is left."""
        self.left -= amount
        if self.left < 0:
            raise CostError("it takes too much work", token=None)

    def assign(self, key: str, val: Any) -> None:
        self.spend(1 + len(self.locals))
        super().assign(key, val)

    def filter(self, name: str, token: Any) -> Callable[..., object]:
        return partial(_apply, self, name, super().filter(name, token))


def _apply(work: Work, name: str, function: Callable[..., object], left: object, *given: object, **named: object) -> object:
    values = [left, *given, *named.values()]
    if any(isinstance(value, range) for value in values):
        raise FilterArgumentError("a range is for loops only", token=None)
    sizes = [_size(value) for value in values]
    expected = _GROWTH[name](left, *sizes, *given) if name in _GROWTH else sum(sizes)
    work.spend(20 + expected)
    if expected > 3 * LONGEST_VALUE:
        raise CostError("a value becomes too long", token=None)
    if name == "date" and any(re.search(r"%[^a-zA-Z%]|%[^%]{0,3}s", str(one)) for one in given):
        raise FilterArgumentError("date takes letters after % only", token=None)
    try:
        result = function(left, *given, **named)
    except (ArithmeticError, ValueError, OSError) as error:
        raise FilterArgumentError(f"{name} cannot be worked out", token=None) from error
    if _size(result) > LONGEST_VALUE:
        raise CostError("a value becomes too long", token=None)
    return result


def _size(value: object) -> int:
    if isinstance(value, (str, list, tuple)):
        return len(value) + (sum(map(_size, value)) if not isinstance(value, str) else 0)
    return value.bit_length() * 200 if isinstance(value, int) else 1


def _replaced(left: object, size: int, *more: Any) -> int:
    sought = str(more[2]) if len(more) > 2 else ""
    times = str(left).count(sought) if size <= LONGEST_VALUE else size
    return size + times * (int(more[1]) if len(more) > 3 else 0)


def _joined(left: object, size: int, *more: Any) -> int:
    return size + (len(left) if isinstance(left, list) else 1) * (int(more[0]) if len(more) > 1 else 1)


_GROWTH: dict[str, Callable[..., int]] = {"replace": _replaced, "join": _joined}
"""How long a result becomes that is longer than what goes in, worked out before it is made."""


class _Turn(BlockNode):
    """The inside of a loop: each turn costs what is written in it."""

    __slots__ = ("cost",)

    def __init__(self, token: Any, nodes: list[Node]) -> None:
        super().__init__(token, nodes)
        self.cost = len(str(self))

    def render_to_output(self, context: Any, buffer: Any) -> int:
        context.spend(self.cost)
        return super().render_to_output(context, buffer)


class _Loop(ForNode):
    def __init__(self, token: Any, expression: Any, block: BlockNode, default: BlockNode | None = None) -> None:
        super().__init__(token, expression, _Turn(block.token, block.nodes), default)


class _For(ForTag):
    node_class = _Loop


class Limited(Environment):
    """The tags and filters of a message, and what each may cost."""

    loop_iteration_limit = 1_000
    local_namespace_limit = 200_000
    output_stream_limit = LONGEST_FILLED

    def __init__(self, autoescape: bool) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=autoescape)
        self.add_tag(_For)
        self.tags = {name: tag for name, tag in self.tags.items() if name in TAGS | {"content", "output", "illegal"}}
        self.filters = {name: function for name, function in self.filters.items() if name in FILTERS}

    def parsed(self, source: str) -> BoundTemplate:
        """A template whose ranges are short. Raises BeyondError or LiquidError."""
        look_through(source)
        template = self.from_string(source)
        for expression in _expressions(template.nodes, RenderContext(template)):
            if isinstance(expression, RangeLiteral) and not _is_short(expression):
                raise LiquidError(f"a range goes from number to number, {LONGEST_RANGE} at most", token=expression.token)
        return template


def _expressions(nodes: Iterable[Node], context: RenderContext) -> Iterator[Expression]:
    for node in nodes:
        waiting = list(node.expressions())
        while waiting:
            expression = waiting.pop()
            yield expression
            waiting += expression.children()
        yield from _expressions(node.children(context, include_partials=False), context)


def _is_short(expression: RangeLiteral) -> bool:
    ends = (expression.start, expression.stop)
    first, last = (one.value if isinstance(one, IntegerLiteral) else None for one in ends)
    return first is not None and last is not None and abs(last) < 10**9 and last - first < LONGEST_RANGE


def buffer(used: int) -> LimitedStringIO:
    """Where one node of a part writes to; all nodes of a part share the limit."""
    return LimitedStringIO(limit=LONGEST_FILLED - used, newline="")
