"""What people answered when asked whether they may be written to: the words for it in five languages, and which columns hold answers.

`meaning` reads a cell, `question` a column's title. Titles are compared as words and phrases, never as parts of words; accents, case,
punctuation and camelCase make no difference. A title alone is never enough: `holds` looks at the cells too.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from crm.layouts.registry import SIMPLIFIED
from crm.reading.tables import strip

_WORDS = tomllib.loads((Path(__file__).parent / "answers.toml").read_text(encoding="utf-8"))


def _listed(area: str) -> dict[str, tuple[str, ...]]:
    """The words of an area of answers.toml, by name."""
    return {name: tuple(word.strip() for word in words.split(",")) for name, words in _WORDS[area].items()}


MEANINGS, FLAGS, _CHANNELS, _TITLES = (_listed(area) for area in ("meanings", "flags", "channels", "titles"))
REPLIES = ("r", "t", "td")
"""What is texted back to be left alone."""
GRAVITY = ("silent", "yes", "bounced", "no", "complained")
"""Of several answers of one person on one channel the last of these counts."""
REFUSALS = ("no", "complained")


def _folded(text: str) -> str:
    """Lower case without accents, full-width and traditional signs; what is no letter or digit becomes a blank."""
    plain = text.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    plain = plain.replace("Ä", "Ae").replace("Ö", "Oe").replace("Ü", "Ue")
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))
    return plain.translate(SIMPLIFIED).translate(str.maketrans("閱絕許認誰", "阅绝许认谁")).casefold().strip()


@cache
def _words() -> dict[str, str]:
    return {_spaced(word): name for name, words in MEANINGS.items() for word in words}


def _spaced(text: str) -> str:
    folded = _folded(text)
    return re.sub(r"[\s_\-–./'\"!?:()]+", " ", folded).strip() or folded


def meaning(text: str) -> str | None:
    """`yes`, `no`, `silent`, `bounced` or `complained`; a blank cell is silent, None is a word that nobody knows."""
    plain = _spaced(strip(text))
    return "silent" if not plain else _words().get(plain)


def refusal(text: str) -> str | None:
    """The same below a title that asks who refused: yes is a no, no is silence; words that name an answer keep their meaning."""
    plain = _spaced(strip(text))
    return "no" if plain in _flags("yes") else "silent" if plain in _flags("no") else meaning(text)


@cache
def _flags(name: str) -> frozenset[str]:
    return frozenset(_spaced(word) for word in FLAGS[name])


def listed(text: str) -> str:
    """The gravest meaning of a cell that lists why somebody is kept from mail: `[]` is silent, an unknown reason a no."""
    words = [word for word in re.split(r"[,;|\[\]{}\"]+", text) if word.strip()]
    return gravest([meaning(word) or "no" for word in words])


def gravest(meanings: Iterable[str]) -> str:
    """Which of several answers counts: a complaint before a no, a no before a bounce, a bounce before a yes, all before silence."""
    return max(meanings, key=GRAVITY.index, default="silent")


def _title(title: str) -> str:
    """A title as words with a blank on both sides, camelCase taken apart."""
    apart = _folded(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", title))
    apart = re.sub(r"(?<=[a-z0-9])(?=[\u2e80-\uffff])|(?<=[\u2e80-\uffff])(?=[a-z0-9])", " ", apart)
    words = re.sub(r"[^0-9a-z\u2e80-\uffff]+", " ", apart).strip()
    return f" {words} "


def _has(title: str, phrases: Iterable[str]) -> bool:
    """Whether a phrase stands in a title, as whole words; Chinese has no blanks between its own."""
    return any(phrase in title if ord(phrase[0]) > 0x2E80 else f" {phrase} " in title for phrase in phrases)


@cache
def question(title: str) -> str | None:
    """Which field a column's title asks for; `other` for what it asks on behalf of others or of ways we do not have."""
    words = _title(title)
    refusal = _has(words, _TITLES["no"])
    if not refusal and not _has(words, _TITLES["yes"]):
        return None
    if _has(words, _TITLES["beside"]):
        return None
    ways = [name for name, phrases in _CHANNELS.items() if _has(words, phrases)]
    if "other" in ways:
        return "other"
    if _has(words, _TITLES["time"]) and not _has(words, ("opted in", "on off")):
        return "opted_out_at" if refusal else "opted_in_at"
    way = ways[0] if len(ways) == 1 else "all"
    return f"{way}_{'refused' if refusal else 'consent'}"


def holds(cells: Iterable[str]) -> bool:
    """Whether at least half of the filled cells are answers; a column without any filled cell may yet hold some."""
    filled = [cell for cell in cells if strip(cell)]
    return 2 * sum(meaning(cell) is not None or cell.strip().lower() in REPLIES for cell in filled) >= len(filled)
