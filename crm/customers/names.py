"""Whether names that were told of two customers can belong to one person: the same, unlike, or nothing to be said."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import product

TITLES = re.compile(r"(先生|女士|小姐|太太|老师)$")
HAN = re.compile(r"[\u3400-\u9fff]")
HIDDEN = re.compile(r"[*＊×xX?？某]")


def compare(left: Iterable[str], right: Iterable[str]) -> str:
    """same: a name of one is a name of the other. unlike: all that can be compared contradict. unknown: nothing can be compared."""
    names = {_pair(bare(a), bare(b)) for a, b in product(left, right)}
    return next((answer for answer in ("same", "alike", "unlike") if answer in names), "unknown").replace("alike", "unknown")


@lru_cache(maxsize=4096)
def bare(name: str) -> str:
    """A name without blanks, marks of width and titles; a masked sign is *."""
    text = TITLES.sub("*", unicodedata.normalize("NFKC", name).strip())
    return HIDDEN.sub("*", "".join(text.split())) if HAN.search(text) else " ".join(sorted(text.casefold().split()))


def _pair(left: str, right: str) -> str:
    """same, alike (one is partly hidden and fits), unlike, or unknown (different scripts, nothing there)."""
    if not left or not right or bool(HAN.search(left)) != bool(HAN.search(right)):
        return "unknown"
    if "*" not in left + right:
        return "same" if left == right else "unlike"
    return "alike" if _fits(left, right) or _fits(right, left) else "unlike"


def _fits(masked: str, other: str) -> bool:
    """Whether signs can stand for each * so that it becomes the other name."""
    *parts, last = masked.split("*")
    at = 0
    for place, part in enumerate(parts):
        at = other.find(part, at)
        if at < 0 or (place == 0 and at > 0):
            return False
        at += len(part)
    return other == last if not parts else other.endswith(last) and len(other) - len(last) >= at
