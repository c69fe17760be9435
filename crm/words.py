"""Every word that a person reads: English sentences are the keys, `crm/ui/locale/<language>/*.po` their translations."""

from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

LOCALE = Path(__file__).parent / "ui" / "locale"
LANGUAGES = {"zh_CN": "中文", "en": "EN"}


@cache
def catalogue(language: str) -> dict[str, str]:
    """All translations of one language: English sentence → its words there."""
    values: dict[str, str] = {}
    for file in sorted((LOCALE / language).glob("*.po")):
        with file.open("rb") as lines:
            values |= {str(message.id): str(message.string) for message in read_po(lines, locale=language) if message.id and message.string}
    return values


@cache
def singular() -> dict[str, str]:
    """English sentences that read otherwise when {n} is one: “{n} rows” → “{n} row”."""
    with (LOCALE / "one.po").open("rb") as lines:
        return {str(message.id): str(message.string) for message in read_po(lines, locale="en") if message.id and message.string}


def translate(language: str, sentence: str, **values: Any) -> str:
    """A sentence in a language, its {placeholders} filled; English where nobody has translated it. A {reason} is a sentence itself."""
    values |= {"reason": translate(language, str(values["reason"]))} if "reason" in values else {}
    if language == "en" and str(values.get("n", "")).strip("*") == "1":
        return singular().get(sentence, sentence).format(**values)
    return catalogue(language).get(sentence, sentence).format(**values) if values else catalogue(language).get(sentence, sentence)


def chosen(cookies: Any, locale: str | None) -> str:
    """The language of a visitor: the one chosen earlier (cookie), else the browser's first."""
    remembered = cookies.get("huitou_language", "")
    if remembered in LANGUAGES:
        return str(remembered)
    return "zh_CN" if (locale or "zh").lower().startswith("zh") else "en"
