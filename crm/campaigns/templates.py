"""Liquid templates: compiled once per campaign, filled in per person. Strict about names, escaped in HTML, limited in size."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from liquid import BoundTemplate, Environment, RenderContext, StrictUndefined
from liquid.builtin.content import ContentNode
from liquid.exceptions import LiquidError, LiquidSyntaxError, UnknownFilterError
from liquid.output import LimitedStringIO

from crm.campaigns import bodies, tokens
from crm.campaigns.spec import CampaignSpec
from crm.errors import BadInputError, Sentence
from crm.messaging.channels import Letter
from crm.messaging.mail import one_line

PARTS = ("subject", "html", "text")
_OUTPUT_LIMIT = 1_000_000
_OPENS = {"if", "unless", "for", "case", "capture", "comment", "raw", "tablerow"}


class _Limited(Environment):
    loop_iteration_limit = 1_000
    local_namespace_limit = 200_000
    output_stream_limit = _OUTPUT_LIMIT


_ESCAPED = _Limited(undefined=StrictUndefined, autoescape=True)
_VERBATIM = _Limited(undefined=StrictUndefined, autoescape=False)


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
    mark: str

    @property
    def pattern(self) -> Letter:
        """The letter with a key where each person's own words go."""
        return Letter(*("".join(self._pattern(part)) for part in PARTS))

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
        context = RenderContext(template, globals=template.make_globals(names))
        values: dict[str, str] = {}
        with context.extend(namespace={}), _sentences(part, str(template)):
            for at, node in enumerate(template.nodes):
                if not isinstance(node, ContentNode):
                    buffer = LimitedStringIO(limit=_OUTPUT_LIMIT, newline="")
                    node.render(context, buffer)
                    values[self._key(part, at)] = one_line(buffer.getvalue()) if part == "subject" else buffer.getvalue()
        return values


class _sentences:  # noqa: N801 (used as a with-statement)
    """Turns the template language's faults into sentences with the line."""

    def __init__(self, part: str, source: str) -> None:
        self.part, self.source = part, source

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if isinstance(error, LiquidError):
            fault, values = _fault(error)
            if self.part == "subject":
                raise BadInputError(*_IN_SUBJECT[fault.code], **values) from error
            raise BadInputError(*fault, line=_line(error, self.source), **values) from error


_UNCLOSED = Sentence("message.unclosed_tag", "Line {line} of the text opens a tag that is never closed. Nothing was sent. Please close it.")
_FILTER = Sentence("message.unknown_filter", "Line {line} of the text uses the filter “{name}”, which does not exist. Nothing was sent.")
_OTHER = Sentence("message.not_filled_in", "Line {line} of the text cannot be filled in: {reason}. Nothing was sent.")
_IN_SUBJECT = {
    _UNCLOSED.code: Sentence("subject.unclosed_tag", "The subject opens a tag that is never closed. Nothing was sent. Please close it."),
    _FILTER.code: Sentence("subject.unknown_filter", "The subject uses the filter “{name}”, which does not exist. Nothing was sent."),
    _OTHER.code: Sentence("subject.not_filled_in", "The subject cannot be filled in: {reason}. Nothing was sent."),
}


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
    sources = {
        "subject": (_VERBATIM, spec.subject),
        "html": (_ESCAPED, bodies.document(spec.body)),
        "text": (_VERBATIM, bodies.plain(spec.body)),
    }
    parts: dict[str, BoundTemplate] = {}
    for part, (environment, source) in sources.items():
        with _sentences(part, source):
            parts[part] = environment.from_string(source)
    return Compiled(parts, f"-{uuid.uuid4().hex[:10]}")


def check(part: str, source: str) -> set[str]:
    """The names a template uses. Raises BadInputError for anything it could not be rendered with."""
    with _sentences(part, source):
        analysis = _VERBATIM.from_string(source).analyze(include_partials=False)
    if set(analysis.tags) & {"include", "render", "extends"}:
        raise BadInputError("message.includes_a_file", "A message cannot include other files. Please paste the text itself.")
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
