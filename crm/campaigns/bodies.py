"""From what was typed (plain text, HTML or MJML) to a safe HTML document and a plain text, with the Liquid tags still in them.

As a program of its own it does that within limits: `crm.campaigns.preparing` starts it.
"""

import contextlib
import html
import json
import re
import sys
from collections.abc import Callable
from html.parser import HTMLParser

import css_inline
import mrml
import nh3

from crm.errors import BadInputError

SECONDS, MEMORY, LARGEST = 3, 1_000_000_000, 1_000_000
"""Of processor time, of memory in bytes, of characters in a part of the result: a usual letter takes a hundredth of each."""
LIQUID = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_LINK = re.compile(r"\{\{-?\s*unsubscribe_url\s*-?\}\}")
_FOOTER = (
    '<p style="margin-top:32px;font-size:12px;color:#888888">不想再收到这类邮件？<a href="{{ unsubscribe_url }}">退订</a> · '
    '<a href="{{ unsubscribe_url }}">Unsubscribe</a></p>'
)
_TAGS = nh3.ALLOWED_TAGS | {"style", "font", "section", "main", "u", "s"}
_ANYWHERE = set(
    """
    style class align valign width height bgcolor dir lang title role color border background
    """.split()
)
_ATTRIBUTES = {tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()} | {
    "*": _ANYWHERE,
    "a": {"href", "target", "name"},
    "img": {"src", "alt", "width", "height"},
    "font": {"size", "face", "color"},
    "table": {"cellpadding", "cellspacing", "border"},
}
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags={"script", "title"},
    attributes=_ATTRIBUTES,
    url_schemes={"http", "https", "mailto", "tel"},
    strip_comments=True,
    link_rel=None,
)
_FONTS = "-apple-system,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',Arial,sans-serif"
_BASE = f"body{{margin:0;font-family:{_FONTS};line-height:1.7;color:#222222}}"
_DOCUMENT = (
    '<!doctype html><html lang="zh"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    "</head><body>{body}</body></html>"
)


def kind(body: str) -> str:
    """`mjml`, `html` or `text`: decided by what it begins with and contains."""
    if body.lstrip().startswith("<mjml"):
        return "mjml"
    return (
        "html" if re.search(r"<(p|div|a|br|img|table|h[1-6]|ul|ol|span|b|strong|body|html|center|section)\b[^<>]*>", body, re.I) else "text"
    )


def document(body: str) -> str:
    """A complete, sanitised HTML document with inlined styles; the Liquid tags unharmed. Raises BadInputError for broken MJML."""
    shielded, restore = _shield(body if "unsubscribe_url" in body else _with_footer(body))
    sources: dict[str, Callable[[str], str]] = {"mjml": _from_mjml, "html": str, "text": _from_text}
    markup = sources[kind(body)](shielded)
    frame = (
        markup if kind(body) == "mjml" else f'<style>{_BASE}</style><div style="max-width:600px;margin:0 auto;padding:24px">{markup}</div>'
    )
    safe = _CLEANER.clean(frame)
    whole = _DOCUMENT.format(body=safe)
    inlined = css_inline.inline(whole, keep_style_tags=kind(body) == "mjml", load_remote_stylesheets=False, keep_at_rules=True)
    whole = restore(inlined)
    return _LINK.sub(r'<a href="\g<0>">\g<0></a>', whole) if kind(body) == "text" else whole


def plain(body: str) -> str:
    """The plain-text part, the Liquid tags unharmed."""
    source = body if "unsubscribe_url" in body else _with_footer(body)
    if kind(body) == "text":
        return source
    shielded, restore = _shield(source)
    reader = _Text()
    reader.feed(_from_mjml(shielded) if kind(body) == "mjml" else shielded)
    reader.close()
    return restore(reader.text())


def _with_footer(body: str) -> str:
    if kind(body) == "text":
        return f"{body.rstrip()}\n\n不想再收到这类邮件？退订 / Unsubscribe: {{{{ unsubscribe_url }}}}\n"
    if kind(body) == "html":
        return body + _FOOTER
    closing = f"<mj-section><mj-column><mj-text>{_FOOTER}</mj-text></mj-column></mj-section></mj-body>"
    return body.replace("</mj-body>", closing, 1)


def _shield(body: str) -> tuple[str, Callable[[str], str]]:
    """Each Liquid tag becomes one harmless word, so that no cleaner sees its quotes and angle brackets."""
    tags: list[str] = []
    mark = "liq" + "x" * (max((len(run) for run in re.findall(r"liq(x+)", body)), default=0) + 1)

    def hide(match: re.Match[str]) -> str:
        tags.append(match.group())
        return f"{mark}{len(tags) - 1}y"

    hidden = LIQUID.sub(hide, body)
    return hidden, lambda text: re.sub(mark + r"(\d+)y", lambda match: tags[int(match.group(1))], text)


def _from_mjml(source: str) -> str:
    try:
        made = mrml.to_html(source, mrml.ParserOptions(include_loader=mrml.noop_loader()), mrml.RenderOptions(fonts={})).content
    except OSError as error:
        raise BadInputError(
            "message.bad_mjml",
            "The MJML of the message cannot be read ({reason}). Please check that every tag is closed.",
            reason=str(error),
        ) from error
    styles = "".join(re.findall(r"<style[^>]*>.*?</style>", made, re.DOTALL))
    body = re.search(r"<body[^>]*>(.*)</body>", made, re.DOTALL)
    return styles + (body.group(1) if body else made)


def _from_text(source: str) -> str:
    paragraphs = re.split(r"\n\s*\n", source.strip().replace("\r\n", "\n"))
    return "".join(f"<p>{_linked(paragraph)}</p>" for paragraph in paragraphs)


def _linked(paragraph: str) -> str:
    safe = html.escape(paragraph, quote=False).replace("\n", "<br>")
    return re.sub(r"https?://[^\s<>\"'，。；、）]+", lambda match: f'<a href="{match.group()}">{match.group()}</a>', safe)


class _Text(HTMLParser):
    """HTML as a person would read it aloud: blocks on lines of their own, links with their address behind."""

    _BLOCKS = frozenset({"p", "div", "br", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "hr", "section"})
    _SILENT = frozenset({"style", "script", "title", "head"})

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[str] = []
        self._silent = 0
        self._link: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._SILENT:
            self._silent += 1
        elif tag in self._BLOCKS:
            self._parts.append("\n- " if tag == "li" else "\n")
        elif tag == "a":
            self._link = dict(attrs).get("href")
        elif tag == "img":
            self._parts.append(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in self._BLOCKS:
            self._parts.append("\n")
        elif tag == "a" and self._link:
            self._parts.append(f" ( {self._link} )")
            self._link = None

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._parts.append(re.sub(r"\s+", " ", data))

    def text(self) -> str:
        lines = "".join(self._parts).split("\n")
        return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in lines)).strip() + "\n"


def _limited() -> None:
    """Where the system has limits for a process; elsewhere the wall clock of whoever started it must do."""
    with contextlib.suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(body: str) -> dict[str, object]:
    try:
        return {"html": document(body), "text": plain(body)}
    except BadInputError as refusal:
        return {"refusal": [refusal.code, refusal.template], "values": refusal.values}


if __name__ == "__main__":
    _limited()
    sys.stdout.write(json.dumps(_answer(json.load(sys.stdin))))
