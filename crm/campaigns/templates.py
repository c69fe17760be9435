"""Liquid templates: compiled once per campaign, filled in per person. Strict about names, escaped in HTML, limited in size."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from liquid import BoundTemplate
from liquid.builtin.content import ContentNode
from liquid.exceptions import LiquidError, LiquidSyntaxError, UnknownFilterError

from crm.campaigns import limits, preparing, tokens
from crm.campaigns.spec import CampaignSpec
from crm.errors import BadInputError, Sentence
from crm.messaging.channels import Letter
from crm.messaging.mail import one_line

PARTS = ("subject", "html", "text")
_OPENS = {"if", "unless", "for", "case", "capture", "comment", "raw"}
_ESCAPED, _VERBATIM = limits.Limited(autoescape=True), limits.Limited(autoescape=False)


@dataclass(frozen=True)
class Rendered:
    """One person's letter; `values` are the parts in which it differs from `Compiled.pattern`, by key."""

    subject: str
    html: str
    text: str
    values: dict[str, str]

    @property
    def letter(self) -> Letter:
        """As the channels take it."""
        return Letter(self.subject, self.html, self.text)


@dataclass(frozen=True)
class Compiled:
    """A campaign's subject and body, ready to be filled in."""

    parts: dict[str, BoundTemplate]
    sources: dict[str, str]
    mark: str

    @property
    def pattern(self) -> Letter:
        """The letter with a key where each person's own words go."""
        return Letter(*("".join(self._pattern(part)) for part in PARTS))

    @property
    def size(self) -> int:
        """Characters of a letter, without what is filled in."""
        return sum(map(len, self.sources.values())) + 1

    def render(self, values: Mapping[str, str | None], unsubscribe_url: str) -> Rendered:
        """One person's letter. Raises BadInputError where the template cannot be filled in."""
        context = tokens.context(values, unsubscribe_url)
        filled: dict[str, str] = {}
        for part in PARTS:
            filled |= self._fill(part, context)
        letter = [re.sub(self.mark + r"[a-z]\d+-", lambda key: filled[key.group()], text) for text in vars(self.pattern).values()]
        return Rendered(one_line(letter[0]), letter[1], letter[2], filled)

    def _pattern(self, part: str) -> list[str]:
        return [node.text if isinstance(node, ContentNode) else self._key(part, at) for at, node in enumerate(self.parts[part].nodes)]

    def _key(self, part: str, at: int) -> str:
        return f"{self.mark}{part[0]}{at}-"

    def _fill(self, part: str, names: Mapping[str, object]) -> dict[str, str]:
        template = self.parts[part]
        context = limits.Work(template, template.make_globals(names))
        values: dict[str, str] = {}
        used = 0
        with _sentences(part, self.sources[part]), context.extend(namespace={}):
            for at, node in enumerate(template.nodes):
                if not isinstance(node, ContentNode):
                    buffer = limits.buffer(used)
                    node.render(context, buffer)
                    used += buffer.size
                    values[self._key(part, at)] = one_line(buffer.getvalue()) if part == "subject" else buffer.getvalue()
        return values


class _sentences:  # noqa: N801 (used as a with-statement)
    """Turns the template language's faults into sentences with the line."""

    def __init__(self, part: str, source: str) -> None:
        self.part, self.source = part, source

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if isinstance(error, RecursionError):
            error = LiquidError("it is nested too deeply", token=None)
        if isinstance(error, limits.BeyondError):
            raise _beyond(self.part, self.source, error) from error
        if isinstance(error, LiquidError):
            fault, values = _fault(error)
            if self.part == "subject":
                raise BadInputError(*_IN_SUBJECT[fault.code], **values) from error
            raise BadInputError(*fault, line=_line(error, self.source), **values) from error


_UNCLOSED = Sentence("message.unclosed_tag", "Line {line} of the text opens a tag that is never closed. Nothing was sent. Please close it.")
_FILTER = Sentence("message.unknown_filter", "Line {line} of the text uses the filter “{name}”, which does not exist. Nothing was sent.")
_OTHER = Sentence("message.not_filled_in", "Line {line} of the text cannot be filled in: {reason}. Nothing was sent.")
_INCLUDES = Sentence("message.includes_a_file", "A message cannot include other files. Please paste the text itself.")
_BEYOND = {
    "unclosed": _UNCLOSED,
    "long": Sentence("message.long_tag", "A tag in line {line} of the text is too long. Nothing was sent. Please make it shorter."),
    "many": Sentence("message.many_tags", "The text has more than {n} tags. Nothing was sent. Please use fewer."),
    "tag": Sentence("message.unknown_tag", "Line {line} of the text uses the tag “{name}”, which does not exist. Nothing was sent."),
}
_IN_SUBJECT = {
    _UNCLOSED.code: Sentence("subject.unclosed_tag", "The subject opens a tag that is never closed. Nothing was sent. Please close it."),
    _FILTER.code: Sentence("subject.unknown_filter", "The subject uses the filter “{name}”, which does not exist. Nothing was sent."),
    _OTHER.code: Sentence("subject.not_filled_in", "The subject cannot be filled in: {reason}. Nothing was sent."),
}


def _beyond(part: str, source: str, fault: limits.BeyondError) -> BadInputError:
    if fault.name in ("include", "render", "extends"):
        return BadInputError(*_INCLUDES)
    if part == "subject" and fault.kind == "unclosed":
        return BadInputError(*_IN_SUBJECT[_UNCLOSED.code])
    return BadInputError(*_BEYOND[fault.kind], line=source.count("\n", 0, fault.at) + 1, name=fault.name[:50], n=limits.MOST_TAGS)


def _fault(error: LiquidError) -> tuple[Sentence, dict[str, str]]:
    reason = str(error.message)
    if isinstance(error, UnknownFilterError):
        return _FILTER, {"name": reason.partition("'")[2].rstrip("'")}
    if isinstance(error, LiquidSyntaxError) and re.search(r"never closed|closing delimiter|(expected tag|\}').*found end of", reason):
        return _UNCLOSED, {}
    return _OTHER, {"reason": reason}


def compiled(spec: CampaignSpec) -> Compiled:
    """Check and prepare subject and body. Raises BadInputError naming the line of an unclosed tag, an unknown name or filter."""
    check("subject", spec.subject)
    check("body", spec.body)
    html, text = preparing.prepared(spec.body)
    sources = {"subject": spec.subject, "html": html, "text": text}
    parts: dict[str, BoundTemplate] = {}
    for part, source in sources.items():
        with _sentences(part, source):
            parts[part] = (_ESCAPED if part == "html" else _VERBATIM).parsed(source)
    return Compiled(parts, sources, f"-{uuid.uuid4().hex[:10]}")


def check(part: str, source: str) -> set[str]:
    """The names a template uses. Raises BadInputError for anything it could not be rendered with."""
    with _sentences(part, source):
        analysis = _VERBATIM.parsed(source).analyze(include_partials=False)
    used = {".".join(str(one) for one in variable.segments): variable for entry in analysis.globals.values() for variable in entry}
    for name, variable in used.items():
        if name not in tokens.NAMES:
            line = source.count("\n", 0, variable.span.index) + 1
            raise BadInputError(
                "message.unknown_name",
                "Line {line} uses “{name}”, which does not exist. Known: {known}.",
                line=line,
                name=name,
                known=", ".join(sorted(tokens.NAMES)),
            )
    return set(used)


def _line(error: LiquidError, source: str) -> int:
    try:
        place = error.context()
    except ValueError:
        place = None
    if place:
        return place[0]
    unclosed: list[int] = []
    for tag in re.finditer(r"\{%-?\s*(\w+)", source):
        if tag.group(1) in _OPENS:
            unclosed.append(source.count("\n", 0, tag.start()) + 1)
        elif tag.group(1).startswith("end") and unclosed:
            unclosed.pop()
    return unclosed[-1] if unclosed else source.count("\n") + 1
