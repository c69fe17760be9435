"""Text of a person, a file or the network on a page: shown as it was written, never read as Markdown.

Markdown of the frame is more than Markdown: icons (`:material/home:`), emoji, colours, formulas, arrows, links that nobody marked as such.
Some of these are looked for after backslashes are gone, so an invisible joiner stands between their signs.
"""

import re

_SIGNS = re.compile(r"[\\`*_{}\[\]()<>#+!|~$:&]")
_AT_START = re.compile(r"^(\d*)([-.)=])")
_JOINER = "\u2060"
_APART = re.compile(r"(?<=:)(?=[\w/+-])|(?<=[wW]{3})(?=\.)|(?<=@)(?=\w)|(?<=-)(?=[->])|(?<=<)(?=[-=])|(?<=[>~])(?==)")


def quoted(text: str) -> str:
    """Text that Markdown must leave alone, in one line: addresses as code, signs escaped."""
    line = " ".join(text.split())
    if ("://" in line or "@" in line) and "`" not in line:
        return f"`{line}`"
    return _AT_START.sub(r"\1\\\2", _SIGNS.sub(r"\\\g<0>", _APART.sub(_JOINER, line)))
