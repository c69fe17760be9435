"""Product titles → categories, by the shop's own keywords (`Shop.category_rules`)."""

from collections.abc import Mapping, Sequence


def category(title: str, rules: Mapping[str, Sequence[str]]) -> str | None:
    """The category of which the longest keyword stands in the title, or None. Case does not matter."""
    lowered = title.lower()
    found = [(len(word), name) for name, words in rules.items() for word in words if word and word.lower() in lowered]
    return max(found, key=lambda match: match[0])[1] if found else None
