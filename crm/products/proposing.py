"""Categories that start themselves: words that many of the shop's own titles without a category have, of any trade and language.

Where words have no spaces (Chinese, Japanese) every run of characters is a candidate that stands free: not always after, and not
always before, the same character. Elsewhere it is the word where products stand: last before a preposition, or first in shops with
titles of the kind “robe en coton”.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from math import sqrt
from pathlib import Path

import pandas as pd

from crm.database import Store
from crm.orders import categories
from crm.products import coverage

MOST, TITLES, LONGEST = 12, 3000, 6
"""So many are proposed, from so many titles (the biggest spend first), so many characters long where there are no spaces."""
LEAST, FEW, SHARE, SAME = 2, 200, 0.6, 0.8
"""In two titles at least, of many in one of 200, and in no more than this share of them; a longer word with this share of the titles of
a shorter one stands for it."""
HEAD = 0.3
"""A word is a kind of product where this share of its titles has it where products stand."""
EXAMPLES = 3
PLURAL = "(?:s|es|e|n|en|er)?"
_HAN = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff々"
_TOKEN = re.compile(rf"[{_HAN}]+|[^\W\d_{_HAN}]+(?:['\u2019-][^\W\d_{_HAN}]+)*|[^\s\w]+|[\d_]\S*")
_UNSPACED = re.compile(rf"(?:(?<![a-z])[a-z])?[{_HAN}]+")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A word that could be a category: how many products without one have it in the title, what they brought, the biggest of them."""

    word: str
    products: int
    spend: Decimal
    examples: tuple[str, ...]


@dataclass
class _Candidate:
    titles: set[int] = field(default_factory=set)
    before: set[str] = field(default_factory=set)
    after: set[str] = field(default_factory=set)
    ends: set[int] = field(default_factory=set)

    @property
    def free(self) -> bool:
        """Whether it stands by itself: at an edge, or beside different characters."""
        return all("" in side or len(side) > 1 for side in (self.before, self.after))


@cache
def _words() -> dict[str, frozenset[str]]:
    with Path(__file__).with_name("title_words.toml").open("rb") as file:
        return {name: frozenset(text.split()) for name, text in tomllib.load(file).items()}


@cache
def _cuts() -> re.Pattern[str]:
    plain, counted = (
        "|".join(sorted(map(re.escape, _words()[name]), key=lambda word: (-len(word), word))) for name in ("unspaced", "measures")
    )
    return re.compile(rf"(?<=\d)(?:{counted})装?|{plain}")


def proposed(store: Store) -> list[Proposal]:
    """What the shop's titles propose, the biggest spend first. Worked out once per state of the orders and products."""
    key = ("proposed", store.written(coverage.SOURCES))
    made: list[Proposal] = store.scratch.kept(key, lambda _: proposals(coverage.titles(store)))
    return made


def proposals(known: pd.DataFrame) -> list[Proposal]:
    """The same of rows like `coverage.titles`: product, category (null: none), spend."""
    open_ones = known[known.category.isna()].head(TITLES)
    titles, spend = [str(title) for title in open_ones["product"]], [Decimal(str(amount)) for amount in open_ones.spend]
    lowered = [title.lower() for title in titles]
    found = {word: one for word, one in _candidates(lowered).items() if _likely(word, one, lowered)}
    left = _unlike(found)
    for word, one in left.items():
        one.titles = {place for place, title in enumerate(lowered) if word in title}  # as the rules find them
    left = {word: one for word, one in left.items() if len(one.ends) >= (HEAD if len(word) > 1 else 2 * HEAD) * len(one.titles)}
    chosen, taken = list[Proposal](), set[int]()
    while left and len(chosen) < MOST:
        worth = {word: _worth(word, one, spend, taken) for word, one in left.items()}
        word = max(left, key=lambda word: (worth[word], len(word), word))
        mine = left.pop(word).titles
        if worth[word] > 0 and len(mine - taken) >= LEAST and 2 * len(mine - taken) >= len(mine):
            taken |= mine
            chosen.append(_proposal(word, mine, titles, spend))
    return sorted(chosen, key=lambda one: (-one.spend, one.word))


def _proposal(word: str, mine: set[int], titles: list[str], spend: list[Decimal]) -> Proposal:
    examples = tuple(titles[place] for place in sorted(mine)[:EXAMPLES])
    return Proposal(word, len(mine), sum((spend[place] for place in mine), Decimal(0)), examples)


def _worth(word: str, one: _Candidate, spend: list[Decimal], taken: set[int]) -> float:
    """What it would newly sort; more where products stand, less of a single character, which says little."""
    new = one.titles - taken
    money = float(sum((spend[place] for place in new), Decimal(0)))
    return (money + 1) * sqrt(len(new)) * (0.3 + 0.7 * len(one.ends) / len(one.titles)) * (0.5 if len(word) == 1 else 1)


def _likely(word: str, one: _Candidate, lowered: list[str]) -> bool:
    """Whether it is in enough titles, not in nearly all of them, and its letters are no accident of other words (“tee” in “steel”)."""
    if (
        len(one.titles) < max(LEAST, len(lowered) // FEW)
        or (len(lowered) >= 8 and len(one.titles) > SHARE * len(lowered))
        or len(word) > categories.MOST
    ):
        return False
    if _UNSPACED.fullmatch(word):
        return one.free and len(one.ends) >= HEAD * len(one.titles)
    whole = re.compile(rf"{re.escape(word)}{PLURAL}(?!\w)")
    likely = sum(1 for place in one.titles if whole.search(lowered[place])) >= SAME * len(one.titles)
    return likely and len(one.ends) >= HEAD * len(one.titles)


def _unlike(found: dict[str, _Candidate]) -> dict[str, _Candidate]:
    """Without those of which a longer one says nearly the same."""
    longer = defaultdict[str, int](int)
    for word, one in found.items():
        for part in {word[start:end] for start in range(len(word)) for end in range(start + 1, len(word) + 1)} - {word}:
            if part in found:
                longer[part] = max(longer[part], len(one.titles))
    return {word: one for word, one in found.items() if longer[word] < SAME * len(one.titles)}


def _candidates(lowered: list[str]) -> dict[str, _Candidate]:
    """Words and runs of characters of all titles, with the titles that have them anywhere (as the rules find them)."""
    found = defaultdict[str, _Candidate](_Candidate)
    first = sum(1 for title in lowered if _words()["links_after"] & set(title.split())) > 0.3 * len(lowered)
    heads = defaultdict[str, set[int]](set)
    spaced = set[str]()
    for place, title in enumerate(lowered):
        for run in _UNSPACED.findall(_cuts().sub(" ", title)):
            _runs(run, place, found)
        for stretch in _stretches(title):
            words = [word for word in stretch if word not in _words()["spaced"] and len(word) > 2]
            spaced |= set(words)
            if words:
                heads[words[0] if first else words[-1]].add(place)
    for word in spaced:
        one = found[word] = _Candidate({place for place, title in enumerate(lowered) if word in title})
        if len(one.titles) >= LEAST:
            ends = re.compile(rf"{re.escape(word)}{PLURAL}$")
            one.ends = {place for head, places in heads.items() if word in head and ends.search(head) for place in places}
    return found


def _runs(run: str, place: int, found: dict[str, _Candidate]) -> None:
    for size in range(1, min(LONGEST, len(run)) + 1):
        for start in range(len(run) - size + 1):
            end = start + size
            if size == 1 and (end < len(run) or run[start] in _words()["single"]):
                continue  # one character is a kind of product only where it ends a word: 锅, 刀, 茶
            one = found[run[start:end]]
            one.titles.add(place)
            one.before.add(run[start - 1 : start])
            one.after.add(run[end : end + 1])
            if end == len(run):
                one.ends.add(place)


def _stretches(title: str) -> Iterator[list[str]]:
    """The words between signs, numbers and prepositions."""
    stretch: list[str] = []
    for token in _TOKEN.findall(title):
        if token in _words()["links"] or token in _words()["links_after"] or not token[0].isalpha() or _UNSPACED.match(token):
            yield stretch
            stretch = []
        else:
            stretch.append(token)
    yield stretch
